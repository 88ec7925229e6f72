"""A whole migration on real servers: refused at every point until its time has come, then done.

Two old servers with a web front and its PostgreSQL database are replaced by two new ones. A wrong
row, a clone, a change after the cut-over and a stray client are caught on the way.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator

import pytest
from estate import needs
from estate.roots import NoRootError
from migration.document import DOCUMENT, whole
from migration.record import CHAPTERS
from migration.scene import Scene, scene
from migration.servers import NEW_WEB, OLD_DATABASE, OLD_WEB, page
from migration.transcript import same_on_any_day

pytestmark = needs.estate


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Play all of it; each step is asserted where it is played."""
    try:
        with scene(tmp_path_factory.mktemp("migration")) as made:
            for chapter in CHAPTERS:
                chapter(made)
            yield made
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


def test_the_old_servers_are_off_and_the_new_ones_serve(played: Scene) -> None:
    """At the end both old servers are gone, and the page comes from the new ones, with all rows."""
    assert not played.lab.running[OLD_WEB].is_running
    assert not played.lab.running[OLD_DATABASE].is_running
    assert page(played.lab, NEW_WEB) == "Planning papers: 3001 applications"


@pytest.mark.parametrize(
    ("server", "acts"),
    [
        (OLD_WEB, ["release", "stop papers", "take back: stop papers", "stop papers", "power off"]),
        (OLD_DATABASE, ["release", "stop postgresql", "power off"]),
    ],
)
def test_each_act_was_done_in_its_turn(played: Scene, server: str, acts: list[str]) -> None:
    """The ledger holds each act once, in order; no step was done that had not been refused."""
    entries = _ledger(played, server)
    begun = [each["what"] for each in entries if each["kind"] == "intent"]
    for expected, what in zip(acts, begun, strict=True):
        assert what.removeprefix("begun: ").startswith(expected)
    for stage, act in (("release", acts[0]), ("stop", acts[1]), ("power-off", acts[-1])):
        refused = _first(entries, "refusal", f"{stage} refused: ")
        assert refused < _first(entries, "intent", f"begun: {act}")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("postgresql-data", "id=1871: another value in fee"),
        ("postgresql-data", "id=3001"),
        ("listeners-parity", "9105/tcp (python3) is new"),
        ("quiet-over-cycle", "10.77.0.98, outside the estate, on 5432/tcp postgres"),
        ("quiet-over-cycle", "10.77.0.99, outside the estate, on 80/tcp gunicorn"),
    ],
)
def test_what_is_wrong_is_named_in_the_evidence(played: Scene, check: str, words: str) -> None:
    """The row, the port and the client are entered by name, not only shown."""
    entries = [each for name in (OLD_WEB, OLD_DATABASE) for each in _ledger(played, name)]
    assert any(f"/{check} failed: " in each["what"] and words in each["what"] for each in entries)


def test_the_document_says_what_happens(played: Scene) -> None:
    """The page of the documentation is this transcript, but for times and digests."""
    said = same_on_any_day(whole(played.transcript))
    kept = same_on_any_day(DOCUMENT.read_text(encoding="utf-8"))
    changes = list(difflib.unified_diff(kept, said, "documentation", "played", lineterm="", n=1))
    assert not changes, "\n".join(
        ["write it anew: PYTHONPATH=tests/real python -m migration.record", *changes[:80]]
    )


def _ledger(played: Scene, server: str) -> list[dict[str, str]]:
    said = played.typist.types(f"ledger show {server} --format json", played.folder, played.days)
    entries: list[dict[str, str]] = json.loads(said.said)
    return entries


def _first(entries: list[dict[str, str]], kind: str, begins: str) -> int:
    return next(
        place
        for place, each in enumerate(entries)
        if each["kind"] == kind and each["what"].startswith(begins)
    )
