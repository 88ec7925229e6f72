"""No database needs its extensions asked for before a managed service."""

from __future__ import annotations

from datetime import date

from inventory.model.application import Application
from migrate.judging.derived import APPLICATIONS
from migrate.judging.examples import cannot_tell, flags, passes, recognised, untold
from migrate.judging.reading import about
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

QUESTIONS = {
    "postgresql": "PostgreSQL: extensions, untrusted languages, tablespaces, superuser rights",
    "mysql": "MySQL: SUPER rights, MyISAM tables, plugins, LOAD DATA from files",
    "percona": "MySQL: SUPER rights, MyISAM tables, plugins, LOAD DATA from files",
    "mariadb": "MariaDB: SUPER rights, storage engines, plugins, LOAD DATA from files",
    "oracle-db": "Oracle: edition, RAC, options, external tables and procedures",
}
"""By fingerprint; SQL Server has rules of its own for each cloud."""


def _judge(applications: tuple[Application, ...]) -> Judgement:
    found = {QUESTIONS[each.id] for each in applications if each.id in QUESTIONS}
    return Flagged(observed="; ".join(sorted(found))) if found else Passed()


RULE = Rule(
    title="A managed database: what it uses must be asked for",
    why=(
        "A service gives no superuser, no files of the server and only the extensions that it "
        "knows. None of it is read from outside."
    ),
    fix=(
        "Ask the database itself (pg_extension, information_schema.engines, dba_registry) and "
        "compare with the list of the service."
    ),
    source="Limits of RDS and of the flexible servers of Azure (general knowledge, no page read)",
    source_date=date(2026, 11, 23),
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=about(APPLICATIONS, _judge),
    examples=(
        flags("PostgreSQL", APPLICATIONS.known((recognised("postgresql", "database"),))),
        passes("no database", APPLICATIONS.known((recognised("nginx", "web"),))),
        cannot_tell("what runs not told", untold(APPLICATIONS)),
    ),
    verified=False,
)
