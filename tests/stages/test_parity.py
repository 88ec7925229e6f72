"""What is ruled on a difference, who may explain it, and how versions and names are compared."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sights import NOW, facts, listening, sight

from inventory.model.facts import SERVICES
from inventory.model.parts import Service, ServiceState
from inventory.model.software import SERVICE_MANAGER
from migrate.checks import _same_names
from migrate.checks._differences import Comparison, Difference, key, matches
from migrate.checks._package_versions import order, order_across
from migrate.checks._parity import MOST_SHOWN, judge
from migrate.checks.services_parity import CHECK as SERVICES_PARITY
from migrate.ledger.book import enter, read_ledger
from migrate.model.check import Sight
from migrate.model.evidence import Attestation, CheckResult, Outcome
from migrate.selection import one_move
from migrate.stages import plan, test
from tests.stages.workbenches import KEYS, Scene, scene

ABOUT = "difference:parity:missing:25/tcp"
MISSING = Comparison(
    agreed="they agree", differences=(Difference(key="missing:25/tcp", words="25/tcp is missing"),)
)


def attested(about: str = ABOUT, **changes: object) -> Attestation:
    """Return Ann's word on a difference."""
    made = Attestation(
        id="a1",
        server_id="s1",
        about=about,
        statement="mail goes by the relay now",
        person="Ann",
        partner="SBC",
        at=NOW,
        signer="key of Ann",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def seen(*attestations: Attestation, use: str = "parity", partners: tuple[str, ...] = ()) -> Sight:
    """Return a sight in which these were attested."""
    made = sight(attestations=attestations)
    return replace(made, use_id=use, move=replace(made.move, partners=partners))


def judged(look: Sight, **given_: object) -> CheckResult:
    """Rule on one missing port."""
    return judge(look, given_, MISSING)


def test_a_difference_that_nobody_answers_for_fails_and_says_what_to_type() -> None:
    """It fails, names the difference, and gives the command that explains it."""
    result = judged(seen())
    assert result.outcome is Outcome.FAILED
    assert "25/tcp is missing" in result.detail
    assert f"decant attest web-1 {ABOUT})" in result.detail


@pytest.mark.parametrize(
    "about", [ABOUT, "difference:parity:missing:*", "difference:parity:missing:2*"]
)
def test_an_explanation_speaks_of_its_key_or_of_all_that_begin_so(about: str) -> None:
    """It passes, names who explained it and what they said, in words and as JSON."""
    result = judged(seen(attested(about)))
    assert result.outcome is Outcome.PASSED
    assert "Ann (SBC): “mail goes by the relay now”" in result.detail
    assert "they agree" not in result.detail
    told = result.observed["differences"][0]["explained_by"][0]
    assert (told["person"], told["attestation"]) == ("Ann", "a1")
    assert told["statement"] == "mail goes by the relay now"


def test_an_expected_difference_passes_and_is_told() -> None:
    """What a playbook wants stays visible; a pattern that is not of it lets nothing through."""
    result = judged(seen(), expected=["missing:25/*"])
    assert result.outcome is Outcome.PASSED
    assert "1 expected: 25/tcp is missing" in result.detail
    assert "they agree" not in result.detail
    assert result.observed["rulings"] == {"expected": 1}
    assert judged(seen(), expected=["missing:25", "new:25/tcp"]).outcome is Outcome.FAILED


def test_a_result_counts_no_longer_than_what_explains_it() -> None:
    """It ends when its first difference has nobody left who answers for it, and names the words."""
    one, other = NOW + timedelta(days=1), NOW + timedelta(days=9)
    assert judged(seen(attested())).counts_until is None
    assert judged(seen(attested(expires=one))).counts_until == one
    ben = attested(id="a2", person="Ben", expires=other)
    both_said = judged(seen(attested(expires=one), ben))
    assert both_said.counts_until == other
    assert both_said.observed["attestations"] == ["a1", "a2"]
    assert judged(seen(attested(), replace(ben, expires=one))).counts_until is None
    more = Difference(key="missing:80/tcp", words="80/tcp is missing")
    two = replace(MISSING, differences=(*MISSING.differences, more))
    look = seen(attested(expires=other), attested("difference:parity:missing:80/tcp", expires=one))
    assert judge(look, {}, two).counts_until == one


@pytest.mark.parametrize(
    "about",
    [
        "difference:parity:*",
        "difference:parity:m*",
        "difference:parity:new:*",
        "difference:parity:missing:26*",
        "difference:parity:missing:*/tcp",
        "difference:parity:missing:25/tc",
        "difference:parity:missing:25/tcp ",
        "difference:other:missing:25/tcp",
        "difference:missing:25/tcp",
        "missing:25/tcp",
        "sanitisation-certificate",
    ],
)
def test_a_word_on_something_else_explains_nothing(about: str) -> None:
    """Another check's difference, half a key, or everything at once: it still fails."""
    assert judged(seen(attested(about))).outcome is Outcome.FAILED


def test_an_explanation_of_another_server_explains_nothing() -> None:
    """It is bound to the server that it was given for."""
    assert judged(seen(attested(server_id="s2"))).outcome is Outcome.FAILED


def test_only_the_partners_that_own_the_server_explain() -> None:
    """A person of a partner that does not own the server explains nothing there."""
    assert judged(seen(attested(), partners=("EHDC",))).outcome is Outcome.FAILED
    assert judged(seen(attested(), partners=("EHDC", "SBC"))).outcome is Outcome.PASSED


def test_a_check_that_no_playbook_uses_has_no_explanations() -> None:
    """Without the id of its use nothing can be meant."""
    assert judged(seen(attested("difference::missing:25/tcp"), use="")).outcome is Outcome.FAILED


def test_what_could_not_be_compared_leaves_it_unknown_but_never_hides_a_difference() -> None:
    """Blind in one part: unknown with the reason; failed all the same when another differs."""
    blind = Comparison(agreed="they agree", same=3, blind=("jobs: needs privilege",))
    result = judge(seen(), {}, blind)
    assert result.outcome is Outcome.UNKNOWN
    assert "jobs: needs privilege" in result.detail
    assert judge(seen(), {}, replace(MISSING, blind=blind.blind)).outcome is Outcome.FAILED
    explained = judge(seen(attested()), {}, replace(MISSING, blind=blind.blind))
    assert explained.outcome is Outcome.UNKNOWN


def test_a_result_is_bounded_and_shows_the_gravest_first() -> None:
    """Of ten thousand differences two hundred are listed, those that fail before those told."""
    told = tuple(
        Difference(key=key("new", number), words=f"{number} is new", told=True)
        for number in range(10_000)
    )
    result = judge(seen(), {}, replace(MISSING, differences=(*told, *MISSING.differences)))
    assert len(result.observed["differences"]) == MOST_SHOWN
    assert result.observed["difference_count"] == 10_001
    assert result.observed["differences"][0]["key"] == "missing:25/tcp"
    assert result.observed["rulings"] == {"to be explained": 1, "told": 10_000}
    assert len(result.detail) < 1_000


@given(kind=st.sampled_from(["missing", "new"]), parts=st.lists(st.text(), min_size=1, max_size=3))
def test_a_key_can_be_typed_and_means_itself_alone(kind: str, parts: list[str]) -> None:
    """Whatever a server calls things, a key has no blank, quote or ``*``, and matches itself."""
    made = key(kind, *parts)
    assert made.isprintable()
    assert not any(each.isspace() or each in "*'" for each in made)
    assert matches([made]).fullmatch(made)
    assert made.startswith(f"{kind}:")


@given(one=st.text(max_size=300), other=st.text(max_size=300))
def test_two_things_have_two_keys(one: str, other: str) -> None:
    """What one is explained by never speaks of the other, however long its name."""
    assert (key("missing", one) == key("missing", other)) == (one == other)


def test_what_a_server_calls_things_is_cut_where_it_has_no_end() -> None:
    """A command of a megabyte makes no evidence of one, and still has a key of its own."""
    names = ("x" * 1_000_000, "x" * 999_999 + "y")
    named = tuple(Difference(key=key("missing", each), words=f"{each} is gone") for each in names)
    result = judge(seen(), {}, replace(MISSING, differences=named))
    assert len(result.detail) < 2_000
    assert len(json.dumps(result.observed)) < 2_000
    assert len({each["key"] for each in result.observed["differences"]}) == 2


def test_what_a_server_calls_things_is_neither_run_nor_obeyed_by_a_terminal() -> None:
    """A name made to break out of quotes, or to move the cursor, is shown as what it is."""
    name = "x'; reboot; '\x1b[2J"
    named = Difference(key=key("missing", name), words=f"{name} is missing")
    result = judge(seen(), {}, replace(MISSING, differences=(named,)))
    assert "\x1b" not in result.detail
    assert "\x1b" not in result.observed["differences"][0]["words"]
    command = result.detail.partition("by: ")[2].removesuffix(")")
    assert shlex.split(command) == ["decant", "attest", "web-1", f"difference:parity:{named.key}"]


def test_a_pattern_means_what_it_says() -> None:
    """Only ``*`` is special in a pattern; brackets, dots and question marks are themselves."""
    assert matches(["missing:a.b*"]).fullmatch("missing:a.b[1]")
    assert not matches(["missing:a.b"]).fullmatch("missing:axb")
    assert not matches(["missing:[ab]"]).fullmatch("missing:a")
    assert not matches([]).fullmatch("")


@pytest.fixture
def smaller(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene whose new server does not offer port 80, as its own answer says."""
    with scene(tmp_path) as made:
        made.say("web-1-new", lambda raw: raw.replace(b"0.0.0.0:80 ", b"0.0.0.0:81 "))
        plan.run(made.bench)
        yield made


def comparison(made: Scene) -> Outcome:
    """Run the stage, and return what became of the comparison of listeners."""
    proof = test.run(made.bench, one_move(made.bench.store, "web-1"), "test")
    return next(each.result for each in proof.evidence if each.check == "listeners-parity").outcome


def declare(made: Scene, *, by: str = "Ann", **changes: object) -> None:
    """Enter a person's word on both differences, signed by somebody's key."""
    move = one_move(made.bench.store, "web-1")
    now = made.bench.clock()
    for difference in ("missing:80/tcp", "new:81/tcp"):
        word = attested(
            f"difference:listeners-parity:{difference}", server_id=move.server_id, at=now
        )
        enter(made.bench.store, replace(word, **changes), at=now, signer=KEYS[by].signer)  # type: ignore[arg-type]


def test_an_explanation_in_the_ledger_counts_until_it_is_taken_back(smaller: Scene) -> None:
    """Failed; passed once a person explains both differences by their own key; then failed again.

    A test that ran before the explanation was taken back is to be run again: this shows that it
    fails then.
    """
    assert comparison(smaller) is Outcome.FAILED
    declare(smaller)
    assert comparison(smaller) is Outcome.PASSED
    declare(smaller, withdrawn=True)
    assert comparison(smaller) is Outcome.FAILED


def test_an_explanation_in_the_ledger_expires(smaller: Scene) -> None:
    """Once the person's word has run out, so has the evidence, and it is to be explained again."""
    ends = smaller.bench.clock() + timedelta(days=1)
    declare(smaller, expires=ends)
    assert comparison(smaller) is Outcome.PASSED
    entered = read_ledger(smaller.bench.store, smaller.bench.trust).evidence
    assert [each.expires for each in entered if each.check == "listeners-parity"] == [ends]
    smaller.clock.now += timedelta(days=1)
    assert comparison(smaller) is Outcome.FAILED


def test_a_word_that_is_not_that_persons_own_on_that_server_explains_nothing(
    smaller: Scene,
) -> None:
    """Signed by another's key, of nobody the estate knows, of another server or check: nothing."""
    declare(smaller, by="Ben")
    declare(smaller, by="Eve")
    declare(smaller, by="tests")
    declare(smaller, person="Eve")
    declare(smaller, server_id="another")
    declare(smaller, about="difference:other:missing:80/tcp")
    assert comparison(smaller) is Outcome.FAILED
    declare(smaller)
    assert comparison(smaller) is Outcome.PASSED


_VERSIONS = (
    "0", "1.0", "1.0-1", "1.0-1+b1", "1:0.9", "1.0~rc1", "1.0~rc1-1~bpo11+1", "1.0+dfsg-2", "1.0a",
    "1.0-10", "1.10", "1.9.9", "2.0.1-1ubuntu0.3", "2.0.1-1ubuntu0.12", "1.0-0.1", "1.0.", "1.0-1~",
    "7.4p1-10+deb9u7", "8.4p1-5", "20200601~deb10u2", "3.0.11-1~deb12u2", "3.0.2-0ubuntu1.10",
    "1.0-a-1", "1.0-1-1", "00001.0",
)  # fmt: skip


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="there is no dpkg here")
def test_versions_of_dpkg_are_ordered_as_dpkg_orders_them() -> None:
    """Every pair of a nasty list stands as ``dpkg --compare-versions`` says, in both directions."""
    for old, new in combinations(_VERSIONS, 2):
        wanted = 1 if _says_dpkg(old, "lt", new) else 0 if _says_dpkg(old, "eq", new) else -1
        assert order(old, new, "dpkg") == wanted, (old, new)
        assert order(new, old, "dpkg") == -wanted, (new, old)


def _says_dpkg(old: str, word: str, new: str) -> bool:
    asked = subprocess.run(["dpkg", "--compare-versions", old, word, new], check=False)
    return asked.returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("1.0", "1.0", 0), ("1.0", "2.0", 1), ("2.0.1", "2.0.1a", 1), ("5.5p1", "5.5p2", 1),
        ("5.5p10", "5.5p1", -1), ("10xyz", "10.1xyz", 1), ("xyz10", "xyz10.1", 1),
        ("xyz.4", "8", 1), ("6.0", "6.0.rc1", 1), ("10b2", "10a1", -1), ("1.0a", "1.0aa", 1),
        ("10.0001", "10.1", 0), ("4.999.9", "5.0", 1), ("2_0", "2.0", 0), ("1.0~rc1", "1.0", 1),
        ("1.0~rc1~git", "1.0~rc1", 1), ("1.0", "1.0^", 1), ("1.0^git1", "1.01", 1),
        ("1.0^20160101", "1.0.1", 1), ("1.0~rc1", "1.0~rc1^git1", 1), ("1:0.1-1", "0.9-1", -1),
        ("3.0.7-24.el9", "3.0.7-25.el9_3", 1), ("a+", "a_", 0),
    ],
)  # fmt: skip
def test_versions_of_rpm_are_ordered_as_rpm_does(old: str, new: str, wanted: int) -> None:
    """The order that rpm-version(7) describes, with its tilde and caret, in both directions."""
    assert order(old, new, "rpm") == wanted
    assert order(new, old, "rpm") == -wanted


def test_no_order_is_made_up() -> None:
    """Versions of other managers are alike or in no order; across managers only plain numbers."""
    assert order("1.0", "1.0", "apk") == 0
    assert order("1.0", "1.1", "apk") is None
    assert order_across("1.22.1-9", "1:1.20.1-14.el9") == -1
    assert order_across("1.0+dfsg-2", "1.0-1.el9") == 0
    assert order_across("3.0.11-1~deb12u2", "3.0.7-25.el9") == -1
    assert order_across("2:1.02.175-2.1", "9:1.02.202-6.el9") == 1
    assert order_across("20230311ubuntu0.22.04.1", "2023.2.60_v7.0.306-90.1.el9") is None
    assert order_across("1.0~rc1-1", "1.0-1") is None


def _services(manager: str, *names: str, enabled: bool = True) -> object:
    return facts(
        SERVICE_MANAGER.known(manager),
        SERVICES.known(
            tuple(Service(name=n, state=ServiceState.RUNNING, enabled=enabled) for n in names)
        ),
    )


def test_one_service_under_two_names_is_one() -> None:
    """What Debian calls one way and Red Hat another is no difference; two programs are one."""
    debian = ("apache2", "ssh", "cron", "bind9", "smbd", "php8.2-fpm", "redis-server")
    red_hat = ("httpd", "sshd", "crond", "named", "smb", "php-fpm", "redis")
    look = sight(old=_services("systemd", *debian), new=_services("systemd", *red_hat))  # type: ignore[arg-type]
    assert SERVICES_PARITY.run(look, {}).outcome is Outcome.PASSED
    look = sight(old=_services("systemd", "mysql"), new=_services("systemd", "mariadb"))  # type: ignore[arg-type]
    result = SERVICES_PARITY.run(look, {})
    assert result.outcome is Outcome.FAILED
    assert SERVICES_PARITY.run(look, {"same_as": {"mysql": "mariadb"}}).outcome is Outcome.PASSED


def test_two_clusters_never_hide_behind_one_name() -> None:
    """Two services that would share a name keep their own, so that one of them is missed."""
    names = {name: _same_names.service(name) for name in ("php7.4-fpm", "php8.2-fpm", "ssh")}
    assert set(_same_names.by_one_name(names, names)) == {"php7.4-fpm", "php8.2-fpm", "ssh"}
    old = _services("systemd", "php7.4-fpm", "php8.2-fpm")
    look = sight(old=old, new=_services("systemd", "php8.2-fpm"))  # type: ignore[arg-type]
    result = SERVICES_PARITY.run(look, {})
    assert "php7.4-fpm runs, and is missing" in result.detail


def test_boot_scripts_of_another_service_manager_are_not_asked_for() -> None:
    """From System V to systemd only what runs is compared, and the result says so."""
    stopped = Service(name="mountnfs.sh", state=ServiceState.STOPPED, enabled=True)
    running = Service(name="shop", state=ServiceState.RUNNING, enabled=True)
    old = facts(SERVICE_MANAGER.known("init"), SERVICES.known((stopped, running)))
    look = sight(old=old, new=_services("systemd", "shop"))  # type: ignore[arg-type]
    result = SERVICES_PARITY.run(look, {})
    assert result.outcome is Outcome.PASSED
    assert "only those that ran were compared" in result.detail
    look = sight(old=old, new=_services("init", "shop"))  # type: ignore[arg-type]
    assert "mountnfs.sh starts at boot, and is missing" in SERVICES_PARITY.run(look, {}).detail


def test_nothing_is_compared_with_a_server_that_serves_nothing() -> None:
    """An old server without a service that matters proves nothing."""
    old = _services("systemd", "systemd-logind", "dbus")
    look = sight(old=old, new=listening("22/tcp"))  # type: ignore[arg-type]
    assert SERVICES_PARITY.run(look, {}).outcome is Outcome.UNKNOWN
