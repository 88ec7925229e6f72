"""Status tells again what it told, while nothing changed; whatever changed is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from inventory.model.target import Target
from inventory.store.tables import CHAIN, RECORD, SERVER
from migrate import records, still
from migrate.cache import keep
from migrate.ledger.book import enter
from migrate.model.evidence import Outcome
from migrate.model.standing import Standing, Turn
from migrate.selection import one_move
from migrate.stages import approve, plan, status, test
from migrate.still import Still, open_still
from tests.stages.ledgers import evidence
from tests.stages.workbenches import KEYS, Scene, own_key, scene


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 passed its tests and Ann agreed; status was told once."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        move = one_move(made.bench.store, "web-1")
        assert test.run(made.bench, move, "test").outcome is Outcome.PASSED
        approve.run(made.bench, move, person="Ann", sign=own_key)
        with made.bench.store.writing() as connection:
            for trigger in ("chain_no_update", "chain_no_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        told(made)
        yield made


def opened(made: Scene, **environment: str) -> Still:
    """Look what everything is like now."""
    cache = {"XDG_CACHE_HOME": str(made.folder / "cache"), **environment}
    return open_still(made.bench.estate, made.bench.store, cache)


def again(made: Scene, few: int | None = None) -> tuple[Standing, ...] | None:
    """Tell again what was told; None where it has to be judged anew."""
    return opened(made).told_again(made.clock.now, wave=None, few=few)


def told(made: Scene, few: int | None = None) -> tuple[Standing, ...]:
    """Judge, and keep what is told."""
    return status.run(made.bench, still=opened(made), few=few)


def test_what_was_told_is_told_again(web: Scene) -> None:
    """The same, of every server, of a wave, and of a wave that holds none."""
    assert again(web) == status.run(web.bench)
    for wave in (1, 99):
        found = opened(web).told_again(web.clock.now, wave=wave, few=None)
        assert found == status.run(web.bench, wave=wave)


def test_nothing_is_told_again_that_was_never_told(tmp_path: Path) -> None:
    """The first time all is judged."""
    with scene(tmp_path) as made:
        assert again(made) is None


def _sql(made: Scene, statement: object) -> None:
    with made.bench.store.writing() as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _words(made: Scene, file: str, words: str) -> None:
    path = made.folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + words)


_LAST = CHAIN.c.seq == 3
CHANGES: dict[str, Callable[[Scene], object]] = {
    "an entry more": lambda made: enter(
        made.bench.store, evidence("s9"), at=made.clock(), signer=KEYS["tests"].signer
    ),
    "the last entry is gone": lambda made: _sql(made, CHAIN.delete().where(_LAST)),
    "an entry in the middle is gone": lambda made: _sql(
        made, CHAIN.delete().where(CHAIN.c.seq == 2)
    ),
    "an entry's digest was altered": lambda made: _sql(
        made, update(CHAIN).where(CHAIN.c.seq == 2).values(digest="0" * 64)
    ),
    "an entry is filed elsewhere": lambda made: _sql(
        made, update(CHAIN).where(_LAST).values(subject="s9")
    ),
    "two entries changed places": lambda made: (
        _sql(made, update(CHAIN).where(CHAIN.c.seq == 1).values(seq=9)),
        _sql(made, update(CHAIN).where(CHAIN.c.seq == 2).values(seq=1)),
        _sql(made, update(CHAIN).where(CHAIN.c.seq == 9).values(seq=2)),
    ),
    "another plan": lambda made: plan.run(
        replace(
            made.bench,
            estate=replace(made.bench.estate, moves=(replace(made.bench.estate.moves[0], wave=3),)),
        )
    ),
    "the plan was altered": lambda made: _sql(
        made,
        update(RECORD).where(RECORD.c.kind == records.PLAN).values(body=RECORD.c.body.concat(" ")),
    ),
    "a verdict": lambda made: _sql(
        made,
        RECORD.insert().values(
            kind=records.VERDICT, key="s:aws", version=1, body="{}", at=made.clock()
        ),
    ),
    "a server was asked again": lambda made: made.bench.ask(
        [Target.parse(f"recorded://{made.sources['web-1']}")], command="discover"
    ),
    "a server has another name": lambda made: _sql(made, update(SERVER).values(name="x")),
    "records are one server": lambda made: _sql(
        made, update(SERVER).where(SERVER.c.name == "web-1").values(merged_into="x")
    ),
    "decant.toml": lambda made: _words(made, "decant.toml", "\n"),
    "a playbook": lambda made: _words(made, "playbooks/rehost.yaml", "\n"),
    "a playbook that stands before a shipped one": lambda made: _words(
        made, "playbooks/rebuild.yaml", "title: mine\n"
    ),
    "a check of one's own": lambda made: _words(made, "checks/mine.py", "CHECK = None\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_is_told_again_once_anything_changed(
    web: Scene, change: Callable[[Scene], object]
) -> None:
    """Whatever it is judged by, be it changed by us or by hand."""
    assert again(web) is not None
    change(web)
    assert again(web) is None


def test_nothing_is_told_again_by_another_environment(web: Scene) -> None:
    """Settings can come from it."""
    before = opened(web)
    assert opened(web, DECANT_DATABASE="sqlite:///other.db").key != before.key
    assert opened(web, HOME="/nowhere").key == before.key


def test_nothing_is_told_again_by_another_program(
    web: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version judges for itself, whichever of its files is another one."""
    program = tmp_path / "program"
    program.mkdir()
    (program / "__init__.py").touch()
    (program / "rule.py").write_text("1")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(still, "_PROGRAM", ("program",))
    before = opened(web).key
    assert opened(web).key == before
    (program / "rule.py").write_text("22")
    assert opened(web).key != before


def test_a_file_that_is_gone_by_then_is_no_fault(
    web: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors put files beside those that they write, and take them away."""
    program = tmp_path / "program_with_less"
    program.mkdir()
    (program / "__init__.py").touch()
    (program / ".#rule.py").symlink_to("nowhere")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(still, "_PROGRAM", ("program_with_less",))
    assert opened(web).key == opened(web).key


def test_all_of_the_program_is_looked_at() -> None:
    """The gate, the store, a check and the shipped playbooks are among its files."""
    names = "\n".join(still._program())
    for name in ("migrate/gate.py", "store/chain.py", "checks/tcp.py", "rehost-aws.yaml"):
        assert name in names


def test_time_alone_ends_it(web: Scene) -> None:
    """From the moment on at which evidence expires."""
    web.clock.now += timedelta(days=13)
    assert again(web) is not None
    web.clock.now += timedelta(days=1)
    assert again(web) is None
    assert {each.turn for each in told(web) if each.wave} == {Turn.TEST}


def test_a_clock_that_was_set_back_ends_it(web: Scene) -> None:
    """What was told of today is not told of yesterday: then nothing of it was entered yet."""
    now = web.clock.now
    web.clock.now -= timedelta(hours=1)
    assert again(web) is None
    web.clock.now = now
    assert again(web) is not None


def test_what_was_only_believed_is_verified_before_it_is_shown(web: Scene) -> None:
    """What was told of few servers is not told again of all of them."""
    kept = opened(web)
    found = told(web)
    planned = next(at for at, each in enumerate(found) if each.wave)
    path = kept.path
    path.write_bytes(path.read_bytes().replace(b'"believed":[]', b'"believed":[%d]' % planned))
    assert again(web) is None
    assert again(web, few=0) == found


def test_a_ledger_that_is_not_whole_is_never_told_again(web: Scene) -> None:
    """It is walked each time, until it was put back."""
    _sql(web, update(CHAIN).where(_LAST).values(subject="s9"))
    assert {each.turn for each in told(web) if each.wave} == {Turn.LOOK}
    assert again(web) is None


@pytest.mark.parametrize("damage", [b"", b"{}", b"no JSON", b"\xff"])
def test_what_is_damaged_is_not_told(web: Scene, damage: bytes) -> None:
    """A cache that cannot be read is none."""
    opened(web).path.write_bytes(damage)
    assert again(web) is None


def test_the_cache_is_its_owners_alone(web: Scene) -> None:
    """It names servers; and where nothing can be written nothing is kept."""
    path = opened(web).path
    assert path.stat().st_mode & 0o777 == 0o600
    keep(path / "no folder", b"")
    assert list(path.parent.iterdir()) == [path]


def test_the_kinds_of_records_are_those_that_the_stages_keep() -> None:
    """They stand here again, so that telling again loads no stage."""
    assert (still._PLAN, still._VERDICT) == (records.PLAN, records.VERDICT)
