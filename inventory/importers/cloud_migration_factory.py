"""Cloud Migration Factory on AWS: intake forms, and the workbook of all that it exports.

A form has a server, its application and its wave in each row, with the columns of the factory's
schemas; factories add their own, which are kept as tags. The workbook has servers, applications,
waves and databases each in a sheet, which are put together by their identifiers. Addresses and
subnets are those of the target. A strategy that is to be confirmed (``TBC``) is unknown. Databases
are no servers and are left out, as are applications and waves without a server in the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._aws_cmf_columns import (
    GROUP,
    GROUPS,
    SETTINGS,
    STRATEGIES,
    TENANCIES,
    UNDECIDED,
    columns_of,
    custom,
    has,
)
from inventory.importers._aws_plan import Planned
from inventory.importers._cells import host_names, tag, tags, version_observations
from inventory.importers._rows import Entry, tables_of
from inventory.model.fact import Observation, Reason
from inventory.model.facts import FQDN, HOSTNAME, OS_FAMILY
from inventory.model.imported import Item, LeftOut, Stated, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.placement import (
    ENVIRONMENT,
    NAMED_STRATEGY,
    NAMED_WAVE,
    ROLE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.reading.export import Export
from inventory.reading.table import Table

SOURCE: Final = "cloud-migration-factory"
_MARKS: Final = ("server_os_family", "server_os_version", "server_fqdn", "r_type", "app_name")
_OTHERS: Final = (
    ("database_name", "database_type"),
    ("app_name", "aws_accountid"),
    ("wave_name", "wave_status"),
)
"""What sheets have that hold no servers."""
_SURE: Final = 2
_STATES: Final = ("migration_status", "replication_status")
_DIGITS_OF_ACCOUNT: Final = 12


def _recognise(export: Export) -> int:
    return max(map(_score, tables_of(export)), default=NO)


def _score(table: Table) -> int:
    columns = columns_of(table)
    if has(columns, "server_name"):
        marks = sum(has(columns, each) for each in _MARKS)
        return CERTAIN if marks >= _SURE else LIKELY if marks else NO
    others = (all(has(columns, each) for each in pair) for pair in _OTHERS)
    return LIKELY if any(others) else NO


def _read(export: Export) -> Iterator[Item]:
    factory, understood = _Factory(), False
    for table in export.tables():
        if _score(table):
            understood = True
            for entry in columns_of(table).entries():
                yield from factory.take(entry)
    if not understood:
        raise BadInputError(
            "there is no table with columns of Cloud Migration Factory",
            hint="a form names server_name, app_name, r_type and so on in its first line",
        )
    yield from factory.items()


@dataclass(frozen=True, kw_only=True)
class _Application:
    """An application that stands in a sheet of its own."""

    name: str
    wave: str | None
    """Its identifier."""
    settings: tuple[Tag, ...]


class _Factory:
    """The servers told so far; applications and waves may come after them."""

    def __init__(self) -> None:
        self._servers: dict[str, Planned] = {}
        self._belongs: list[tuple[Planned, str]] = []
        """Servers to identifiers of applications that stand in another sheet."""
        self._applications: dict[str, _Application] = {}
        """By identifier."""
        self._waves: dict[str, str] = {}

    def take(self, entry: Entry) -> Iterator[Item]:
        """Take a row; yield what cannot be understood, and what is no server."""
        name = entry.text("server_name")
        application = entry.text("app_name") or entry.text("application:app_name")
        self._remember(entry, application)
        if name:
            self._take_server(entry, name, application)
        yield from _no_servers(entry, application, is_server=bool(name))
        if entry.unread:
            yield from entry.unread

    def items(self) -> Iterator[Item]:
        """Yield the servers, each with its application and wave."""
        for server, number in self._belongs:
            if application := self._applications.get(number):
                self._join(server, application)
        for server in self._servers.values():
            yield server.record()

    def _join(self, server: Planned, application: _Application) -> None:
        server.applications.setdefault(application.name, "app_id")
        server.hold(TARGET_SETTINGS, "app_id", application.settings)
        if wave := self._waves.get(application.wave or ""):
            known = NAMED_WAVE.known(wave)
            server.stated.append(Stated(column="wave_id", observation=known))

    def _remember(self, entry: Entry, application: str | None) -> None:
        numbers = {each: entry.text(f"{each}_id") for each in ("app", "wave")}
        if application and numbers["app"] and not entry.text("server_name"):
            self._applications[numbers["app"]] = _Application(
                name=application,
                wave=numbers["wave"],
                settings=tuple(told for _, told in _settings(entry)),
            )
        if (wave := _wave(entry)) and numbers["wave"]:
            self._waves[numbers["wave"]] = wave

    def _take_server(self, entry: Entry, name: str, application: str | None) -> None:
        server = self._servers.setdefault(
            name.lower(),
            Planned(key=name.lower(), name=name, source=SOURCE, where=entry.where),
        )
        _say(entry, name)
        if application:
            title = "app_name" if "app_name" in entry.columns.places else "application:app_name"
            server.applications.setdefault(application, entry.title(title))
        elif number := entry.text("app_id"):
            self._belongs.append((server, number))
        _say_wave(entry)
        server.take(entry)
        _hold(entry, server)


def _no_servers(entry: Entry, application: str | None, *, is_server: bool) -> Iterator[Item]:
    """Yield what else a row speaks of, or that it speaks of nothing."""
    database = entry.text("database_name") or entry.text("database:database_name")
    if database:
        yield LeftOut(what="database", name=database, where=entry.where)
    elif not is_server:
        if name := application or _wave(entry):
            what = "application" if application else "wave"
            yield LeftOut(what=what, name=name, where=entry.where)
        elif not entry.unread:
            yield Unread(why="it names no server, application or wave", where=entry.where)


def _wave(entry: Entry) -> str | None:
    columns = ("application:wave_name", "wave_name", "wave:wave_name")
    return next(filter(None, map(entry.text, columns)), None)


def _say_wave(entry: Entry) -> None:
    """State the wave; the first releases' forms number them, and call number 1 ``Wave 1``."""
    for column in ("application:wave_name", "wave_name", "wave:wave_name"):
        if wave := entry.text(column):
            entry.say(column, NAMED_WAVE.known(wave))
            return
    if number := entry.text("wave_id"):
        entry.say("wave_id", NAMED_WAVE.known(f"Wave {number}"))


def _say(entry: Entry, name: str) -> None:
    full = entry.text("server_fqdn")
    names = [each for each in host_names(name) if each.key is HOSTNAME or not full]
    entry.say("server_name", *names)
    if full:
        entry.try_to_say("server_fqdn", lambda: _full_name(full))
    if family := entry.text("server_os_family"):
        entry.try_to_say("server_os_family", lambda: _family(family))
    if version := entry.text("server_os_version"):
        entry.say("server_os_version", *version_observations(None, version))
    for column, key in (("server_tier", ROLE), ("server_environment", ENVIRONMENT)):
        if told := entry.text(column):
            entry.say(column, key.known(told))
    if strategy := entry.text("r_type"):
        entry.say("r_type", _strategy(strategy))


def _full_name(full: str) -> Iterator[Observation]:
    told = [each for each in host_names(full) if each.key is FQDN]
    if not told and not tuple(host_names(full)):
        raise ValueError(f"{full!r} is no host name")
    yield from told


def _family(family: str) -> Iterator[Observation]:
    if family.lower() not in {"linux", "windows"}:
        raise ValueError(f"{family!r} is neither linux nor windows")
    yield OS_FAMILY.known(family.lower())


def _strategy(told: str) -> Observation:
    if told.upper() == UNDECIDED:
        return NAMED_STRATEGY.unknown(Reason.NOT_TOLD, "the plan says that it is to be confirmed")
    known = {each.lower(): each for each in STRATEGIES}
    return NAMED_STRATEGY.known(known.get(told.lower(), told))


def _hold(entry: Entry, server: Planned) -> None:
    """Keep tags, what the factory says of its own work, and what is planned for the target."""
    server.hold(TAGS, "tags", tags(entry.parts("tags", ";"), "="))
    for column in (*_STATES, *custom(entry.columns)):
        if told := entry.text(column):
            name = f"cmf:{column}" if column in _STATES else column
            server.hold_tag(entry.title(column), name, told)
    for title, told_setting in _settings(entry):
        server.hold(TARGET_SETTINGS, title, (told_setting,))
    for number, group in enumerate(entry.parts(GROUPS, ";")):
        server.hold(TARGET_SETTINGS, entry.title(GROUPS), (tag(f"{GROUP}{number}", group),))


def _settings(entry: Entry) -> Iterator[tuple[str, Tag]]:
    """Yield what is planned for the target, each with its column's title."""
    for column, name in SETTINGS.items():
        scoped = f"application:{column}"
        place = scoped if scoped in entry.columns.places else column
        if told := entry.text(place):
            yield entry.title(place), tag(name, _setting(column, told))


def _setting(column: str, told: str) -> str:
    if (
        column == "aws_accountid" and told.isdigit()
    ):  # a spreadsheet drops zeros that it begins with
        return told.zfill(_DIGITS_OF_ACCOUNT)
    return TENANCIES.get(told, told) if column == "tenancy" else told


_FORM: Final = b"""\xef\xbb\xbfwave_name,app_name,aws_accountid,aws_region,server_name,\
server_os_family,server_os_version,server_fqdn,server_tier,server_environment,r_type,subnet_IDs,\
securitygroup_IDs,private_ip,instanceType,tenancy,tags,cost_centre\r
Wave 1,Payroll,111122223333,eu-west-2,pay-1,windows,Windows Server 2016,pay-1.example.org,app,prod,\
Rehost,subnet-11112222,sg-11112222;sg-33334444,10.1.0.10,m5.large,Shared,zone=1;critical=yes;,4711\r
Wave 1,Payroll,111122223333,eu-west-2,pay-2,linux,redhat,pay-2.example.org,db,prod,TBC,,,,,,,\r
Wave 2,Intranet,111122223333,eu-west-2,,,,,,,,,,,,,,\r
Wave 2,Intranet,111122223333,eu-west-2,web-1,aix,7.2,not a name,,,Retain,,,,,,,\r
,,,,,linux,,,,,,,,,,,,\r
"""
_SERVERS: Final = b"""server_id,server_name,app_id,server_os_family,server_os_version,server_fqdn,\
r_type,tags,migration_status
1,pay-1,7,linux,Ubuntu 22.04,pay-1.example.org,Rehost,Name=pay-1,Cutover instance launched
2,pay-2,8,linux,Ubuntu 22.04,pay-2.example.org,Retire,,
"""
_APPLICATIONS: Final = b"""app_id,app_name,wave_id,aws_accountid,aws_region
7,Payroll,3,111122223333,eu-west-2
"""
_WAVES: Final = b"""wave_id,wave_name,wave_status
3,Wave A,Planning
"""
_DATABASES: Final = b"""database_id,database_name,app_id,database_type
1,PAYDB,7,oracle
"""
IMPORTER: Final = Importer(
    title="Cloud Migration Factory on AWS",
    files="an intake form (.csv, .xlsx), or the exported workbook all-data.xlsx",
    source="https://github.com/aws-solutions/cloud-migration-factory-on-aws, 4.5.1: "
    "default_schema.json, import-utils.ts, xlsx-export.ts (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="intake form of 4.5.1 (format as documented)",
            files=(("cmf-intake-form.csv", _FORM),),
            servers=("pay-1", "pay-2", "web-1"),
            left_out=1,
            unread=3,
        ),
        ImportExample(
            tool="the sheets of all-data.xlsx of 4.5.1 (format as documented)",
            files=(
                ("servers.csv", _SERVERS),
                ("applications.csv", _APPLICATIONS),
                ("waves.csv", _WAVES),
                ("databases.csv", _DATABASES),
            ),
            servers=("pay-1", "pay-2"),
            left_out=3,
        ),
    ),
)
