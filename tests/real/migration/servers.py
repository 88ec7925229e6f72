"""The application and its servers: a web front and its database, twice, old and new."""

from __future__ import annotations

import secrets
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from estate.definition import Declared, Definition, Expected, definition
from estate.lab import Lab

FILES: Final = Path(__file__).parent / "files"
OLD_WEB, OLD_DATABASE = "papers-old", "papers-db-old"
NEW_WEB, NEW_DATABASE = "papers-new", "papers-db-new"
ADDRESSES: Final = {
    OLD_WEB: "10.77.0.41",
    OLD_DATABASE: "10.77.0.42",
    NEW_WEB: "10.77.0.43",
    NEW_DATABASE: "10.77.0.44",
}
_ROOTS: Final = {
    OLD_WEB: "app",
    OLD_DATABASE: "postgresql",
    NEW_WEB: "app",
    NEW_DATABASE: "postgresql",
}
_LISTENS_SECONDS: Final = 30


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """What the application, and those who compare, log in to the databases with."""

    papers: str = field(default_factory=secrets.token_hex)
    reader: str = field(default_factory=secrets.token_hex)


def servers() -> Definition:
    """Return the four servers as they start, before the application is set up."""
    return replace(definition(), servers=tuple(_declared(name) for name in ADDRESSES), links=())


def set_up(lab: Lab, passwords: Passwords) -> None:
    """Set the application up on the old servers, with its rows, and on the new ones, without."""
    for name in (OLD_DATABASE, NEW_DATABASE):
        within(
            lab,
            name,
            (FILES / "database.sh").read_text(),
            PAPERS_PASSWORD=passwords.papers,
            READER_PASSWORD=passwords.reader,
        )
    sql(lab, OLD_DATABASE, (FILES / "rows.sql").read_text())
    for name, database in ((OLD_WEB, OLD_DATABASE), (NEW_WEB, NEW_DATABASE)):
        where = f"host={database} dbname=papers user=papers password={passwords.papers}"
        within(
            lab,
            name,
            (FILES / "web.sh").read_text(),
            PAPERS_DATABASE=where,
            PAPERS=(FILES / "papers.py").read_text(),
        )
        until(lab, name, 80)


def copy_rows(lab: Lab, passwords: Passwords) -> None:
    """Copy every row of the old database into the new one, from within the new server."""
    script = (
        "cd /var/lib/postgresql\n"
        f"pg_dump --host={OLD_DATABASE} --username=papers papers |"
        " setpriv --reuid postgres --regid postgres --init-groups"
        " psql --quiet --set=ON_ERROR_STOP=1 papers"
    )
    within(lab, NEW_DATABASE, script, PGPASSWORD=passwords.papers)


def sql(lab: Lab, name: str, text: str) -> str:
    """Run SQL in a server's database, as its administrator would; return what it printed."""
    script = (
        "cd /var/lib/postgresql && exec setpriv --reuid postgres --regid postgres --init-groups"
        ' psql --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 papers --command "$SQL"'
    )
    return within(lab, name, script, SQL=text)


def within(lab: Lab, name: str, script: str, **environment: str) -> str:
    """Run a shell script inside a server, as root, and return what it printed.

    Raises:
        RuntimeError: it failed; the message is what it said.

    """
    given = [f"{key}={value}" for key, value in environment.items()]
    done = lab.exec(name, ["env", *given, "sh", "-c", script], timeout=60)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr or done.stdout}")
    return done.stdout.strip()


def until(lab: Lab, name: str, port: int, *, listens: bool = True) -> None:
    """Wait until a server listens on a port, or no more.

    Raises:
        RuntimeError: it did not happen in time.

    """
    deadline = time.monotonic() + _LISTENS_SECONDS
    while (f"{port}/tcp" in lab.sockets(name).listening) is not listens:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} {'does not listen' if listens else 'listens'} on {port}")
        time.sleep(0.1)


def page(lab: Lab, name: str) -> str:
    """Return the page that a web front serves."""
    command = ["curl", "--silent", "--max-time", "10", f"http://{ADDRESSES[name]}/"]
    done: subprocess.CompletedProcess[str] = lab.run(command)
    return done.stdout.strip()


def _declared(name: str) -> Declared:
    ports = ("22/tcp", "9100/tcp", *(("5432/tcp",) if _ROOTS[name] == "postgresql" else ()))
    return Declared(
        name=name,
        address=ADDRESSES[name],
        root=_ROOTS[name],
        system="Debian GNU/Linux",
        services=(),
        parts=(),
        applications=(Expected(id="all", version=None, ports=ports),),
    )
