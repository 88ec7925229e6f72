"""A store as the second version wrote it is read as it was, and goes on from there."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import column, insert, table
from visiting import NOON, at, say

from inventory.model import facts
from inventory.model.fact import Known, Observation, Reason, Unknown
from inventory.model.parts import Package
from inventory.store import opening
from inventory.store.answers import raw_answer
from inventory.store.engine import make_engine
from inventory.store.keys import Keys
from inventory.store.servers import servers
from inventory.store.store import Store
from inventory.store.tables import CONTENT, RUN, SERVER, VISIT
from inventory.store.url import parse
from inventory.store.visits import visits

FACT = table("fact", *map(column, ("server_id", "name", "known", "body")))
PACKAGES = [{"manager": "dpkg", "name": f"p{each}", "version": "1"} for each in range(50)]
ANSWER = b"Package: x\n" * 100


def document(question: str, minutes: int, **told: Any) -> dict[str, Any]:
    """Return a fact as it was stored, with its origin."""
    return {**told, "origin": ["ssh://a", question, at(minutes).isoformat(), "r"]}


EARLIER = {"identity.serial": document("firmware", 0, known="A1")}
LATER = {
    "identity.serial": document("firmware", 9, unknown="needs privilege", detail="only root"),
    "os.kernel": document("os", 9, known="6.1"),
    "software.packages": document("packages", 9, content="packages-digest"),
}
NOW = {**LATER, **EARLIER}


def row(minutes: int, told: dict[str, Any], raw: bytes) -> dict[str, Any]:
    """Return a visit as it was stored."""
    return {
        "run_id": "r",
        "server_id": "s",
        "target": "ssh://a",
        "at": at(minutes),
        "seconds": 1.0,
        "why_server": "",
        "observations": zlib.compress(json.dumps(told).encode(), 1),
        "raw": raw,
        "stderr": zlib.compress(b""),
    }


@pytest.fixture
def written(url: str) -> str:
    """Return the URL of a store of the second version: one server, visited twice."""
    old = Store(engine=make_engine(parse(url)), keys=Keys())
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    parts = [["greeting\n", ["answer-digest"], "\n@0123456789abcdef end x 0\n"]]
    raw = b"\x01" + zlib.compress(json.dumps(*parts).encode())
    contents = {"packages-digest": json.dumps(PACKAGES).encode(), "answer-digest": ANSWER}
    with old.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(insert(RUN), {"id": "r", "command": "discover", "started": NOON})
        server = {"id": "s", "name": "a", "target": "ssh://a", "first_seen": NOON}
        connection.execute(insert(SERVER), {**server, "last_asked": at(9), "last_answered": at(9)})
        connection.execute(
            insert(CONTENT),
            [{"digest": name, "body": zlib.compress(each)} for name, each in contents.items()],
        )
        connection.execute(insert(VISIT), [row(0, EARLIER, raw), row(9, LATER, raw)])
        connection.execute(
            insert(FACT),
            [
                {"server_id": "s", "name": name, "known": "unknown" not in told, "body": text}
                for name, told in NOW.items()
                for text in (json.dumps(told),)
            ],
        )
    old.close()
    return url


def test_what_was_known_then_is_known_now(written: str) -> None:
    """Every fact keeps its value and its origin, every visit its statements and its answer."""
    packages = tuple(Package(**each) for each in PACKAGES)
    with opening.open_store(written) as store:
        (server,) = servers(store)
        assert {name: each.fact for name, each in server.facts.items()} == {
            "identity.serial": Known(value="A1"),
            "os.kernel": Known(value="6.1"),
            "software.packages": Known(value=packages),
        }
        serial = server.facts["identity.serial"].origin
        assert serial is not None
        assert (serial.source, serial.question, serial.at, serial.run) == (
            "ssh://a",
            "firmware",
            NOON,
            "r",
        )
        first, second = visits(store, "s")
        assert told(first.observations) == {"identity.serial": Known(value="A1")}
        assert told(second.observations)["identity.serial"] == Unknown(
            reason=Reason.NEEDS_PRIVILEGE, detail="only root"
        )
        assert raw_answer(store, "s") == b"greeting\n" + ANSWER + b"\n@0123456789abcdef end x 0\n"


def told(observations: tuple[Observation, ...]) -> dict[str, Any]:
    """Return the facts of observations by name."""
    return {each.key.name: each.fact for each in observations}


def test_a_visit_goes_on_from_what_was_known(written: str) -> None:
    """What the next visit does not tell stays, and what it tells takes its place."""
    with opening.open_store(written) as store:
        server = say(store, "ssh://a", facts.KERNEL.known("6.12"), minutes=20)
        assert server.id == "s"
        assert server.facts.value(facts.KERNEL) == "6.12"
        assert server.facts.value(facts.SERIAL) == "A1"
        assert len(server.facts.value(facts.PACKAGES) or ()) == len(PACKAGES)
