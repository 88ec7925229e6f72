"""Parity of two servers: the same passes, each difference is named, and only a person explains it.

The servers are made by hand, with something of everything that parity compares.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sights import NOW, sight

from inventory.model.accounts import ACCOUNTS
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.facts import PACKAGES
from inventory.registry import Registry
from migrate.model.check import Check, Sight
from migrate.model.evidence import Attestation, CheckResult, Outcome
from tests.stages.parity_samples import INJECTIONS, Injection, account, but, server

CHECKS = {
    name: each.value
    for name, each in Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    .all()
    .items()
    if name.endswith("-parity")
}
SERVER = server()
OF = {name: [each for each in INJECTIONS if each.check == name] for name in CHECKS}


def seen(new: Facts | Unknown, *explained: str, old: Facts | Unknown = SERVER) -> Sight:
    """Return a sight of the sample server and another, with explanations that stand."""
    attestations = tuple(attestation(f"difference:parity:{each}") for each in explained)
    return replace(sight(old=old, new=new, attestations=attestations), use_id="parity")


def attestation(about: str, **changes: Any) -> Attestation:
    """Return Ann's word on a matter."""
    made = Attestation(
        id="a1",
        server_id="s1",
        about=about,
        statement="the vendor asks for it",
        person="Ann",
        partner="SBC",
        at=NOW,
        expires=NOW + timedelta(days=30),
        signer="key of Ann",
    )
    return replace(made, **changes)


def run(name: str, look: Sight, **parameters: object) -> CheckResult:
    """Run a check; what it observed must be JSON."""
    result = CHECKS[name].run(look, parameters)
    json.dumps(dict(result.observed))
    return result


def rulings(result: CheckResult) -> dict[str, str]:
    """Return what became of each difference, by its key."""
    return {each["key"]: each["ruling"] for each in result.observed["differences"]}


def to_explain(result: CheckResult) -> list[str]:
    """Return the keys that somebody has to answer for."""
    return [key for key, ruling in rulings(result).items() if ruling == "to be explained"]


def test_every_check_of_parity_has_its_differences_tried() -> None:
    """No check of parity is left out below."""
    assert all(OF.values())


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_same_server_passes(name: str) -> None:
    """Two servers that say the same are alike, and no difference is made up."""
    result = run(name, seen(SERVER))
    assert result.outcome is Outcome.PASSED
    assert result.observed["differences"] == []
    assert result.observed["same"] > 0


@pytest.mark.parametrize("each", INJECTIONS, ids=lambda each: f"{each.check} {each.key}")
def test_each_difference_fails_and_is_named(each: Injection) -> None:
    """One difference fails the check that looks there, by its key and in words."""
    result = run(each.check, seen(each.into(SERVER)))
    assert result.outcome is Outcome.FAILED
    found = to_explain(result)
    assert any(fnmatchcase(key, each.key) for key in found), found
    words = next(
        one["words"] for one in result.observed["differences"] if fnmatchcase(one["key"], each.key)
    )
    assert words in result.detail
    assert f"difference:parity:{found[0]}" in result.detail


@pytest.mark.parametrize("each", INJECTIONS, ids=lambda each: f"{each.check} {each.key}")
def test_each_difference_can_be_explained_by_a_person(each: Injection) -> None:
    """With a word on each of its keys it passes, and says whose word that is, and which."""
    keys = to_explain(run(each.check, seen(each.into(SERVER))))
    result = run(each.check, seen(each.into(SERVER), *keys))
    assert result.outcome is Outcome.PASSED
    assert "Ann (SBC): “the vendor asks for it”" in result.detail
    assert {rulings(result)[key] for key in keys} == {"explained"}


@pytest.mark.parametrize("each", INJECTIONS, ids=lambda each: f"{each.check} {each.key}")
def test_a_forbidden_difference_is_explained_away_by_nobody(each: Injection) -> None:
    """What a playbook forbids fails, whoever explains it, and even when it is also expected."""
    keys = to_explain(run(each.check, seen(each.into(SERVER))))
    kinds = sorted({f"{key.partition(':')[0]}:*" for key in keys})
    look = seen(each.into(SERVER), *keys)
    result = run(each.check, look, forbidden=kinds, expected=kinds)
    assert result.outcome is Outcome.FAILED
    assert "forbidden" in result.detail


@given(data=st.data())
def test_differences_together_are_each_named_and_none_is_explained_by_another(
    data: st.DataObject,
) -> None:
    """Whatever mixture of differences: one left unexplained fails, and all explained pass."""
    name = data.draw(st.sampled_from(sorted(OF)))
    by_fact: dict[str, Injection] = {}
    for each in data.draw(st.lists(st.sampled_from(OF[name]), min_size=1, max_size=4)):
        by_fact[each.of.name] = each
    new = SERVER
    for each in by_fact.values():
        new = each.into(new)
    keys = to_explain(run(name, seen(new)))
    assert all(any(fnmatchcase(key, each.key) for key in keys) for each in by_fact.values())
    assert run(name, seen(new, *keys)).outcome is Outcome.PASSED
    left = data.draw(st.sampled_from(keys))
    result = run(name, seen(new, *(key for key in keys if key != left)))
    assert result.outcome is Outcome.FAILED
    assert to_explain(result) == [left]


def _facts_of(name: str) -> list[str]:
    return sorted({each.of.name for each in OF[name]})


ASKED = [
    (name, of, side)
    for name in sorted(CHECKS)
    for of in _facts_of(name)
    for side in ("old", "new")
    if (of, side) != ("time.synchronised", "old")  # then nothing is asked of the new clock
]


@pytest.mark.parametrize(("name", "of", "side"), ASKED)
def test_a_fact_that_is_not_known_never_passes(name: str, of: str, side: str) -> None:
    """What one of the servers did not tell leaves the check unknown, and it says what and why."""
    told = SERVER[of]
    blind = replace(told, fact=Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="only root may"))
    other = Facts({**SERVER, of: blind})
    look = seen(other) if side == "new" else seen(SERVER, old=other)
    result = run(name, look)
    assert result.outcome is Outcome.UNKNOWN
    assert "only root may" in result.detail


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_known_difference_fails_even_when_something_else_is_not_known(name: str) -> None:
    """Ignorance of one thing hides no difference in another."""
    hidden = {each.of.name for each in OF[name]}
    for each in OF[name]:
        for of in hidden - {each.of.name}:
            fact = Unknown(reason=Reason.NEEDS_PRIVILEGE)
            new = Facts({**each.into(SERVER), of: replace(SERVER[of], fact=fact)})
            assert run(name, seen(new)).outcome is not Outcome.PASSED


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_nothing_is_let_through_by_a_pattern_of_everything(name: str) -> None:
    """An explanation of ``*`` alone explains nothing, and no playbook may expect everything."""
    each = OF[name][0]
    assert run(name, seen(each.into(SERVER), "*")).outcome is Outcome.FAILED
    schema = Draft202012Validator(CHECKS[name].parameters)
    assert schema.is_valid({"expected": ["missing:*"], "forbidden": ["missing:a*b"]})
    assert not schema.is_valid({"expected": ["*"]})
    assert not schema.is_valid({"expected": ["*:22/tcp"]})


def test_what_is_told_fails_nothing_until_somebody_forbids_it() -> None:
    """A newer package is told; a playbook may forbid it, or ask that it be explained."""
    newer = Injection(
        check="packages-parity",
        of=PACKAGES,
        change=but(0, version="1.24.0-1"),
        key="newer:nginx:1.22.1-9:1.24.0-1",
    )
    look = seen(newer.into(SERVER))
    result = run("packages-parity", look)
    assert result.outcome is Outcome.PASSED
    assert rulings(result) == {newer.key: "told"}
    assert "nginx was 1.22.1-9 and is 1.24.0-1" in result.detail
    assert run("packages-parity", look, forbidden=["newer:nginx:*"]).outcome is Outcome.FAILED
    assert run("packages-parity", look, told=[]).outcome is Outcome.FAILED


def test_an_account_that_could_log_in_is_never_left_out_by_its_name() -> None:
    """A distribution's own ``backup`` is left out; one that has been given a shell is not."""
    for login, outcome in (("/usr/sbin/nologin", Outcome.PASSED), ("/bin/sh", Outcome.FAILED)):
        accounts = (*SERVER.value(ACCOUNTS), account("backup", 34, login=login, kind="system"))  # type: ignore[misc]
        old = Facts({**SERVER, ACCOUNTS.name: ACCOUNTS.known(accounts)})
        assert run("accounts-parity", seen(SERVER, old=old)).outcome is outcome
        named = run("accounts-parity", seen(SERVER, old=old), leave_out=["backup", "games"])
        assert named.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("services-parity", ["shop"]),
        ("packages-parity", ["nginx"]),
        ("mounts-parity", ["/srv", "/home"]),
        ("jobs-parity", ["export.timer"]),
        ("accounts-parity", ["ann"]),
        ("names-parity", ["db"]),
    ],
)
def test_what_is_left_out_is_neither_missed_nor_called_new(name: str, left_out: list[str]) -> None:
    """What does not matter on either server is not told as if only one of them had it."""
    result = run(name, seen(SERVER), leave_out=left_out)
    assert result.outcome is Outcome.PASSED
    assert result.observed["differences"] == []
    assert result.observed["same"] < run(name, seen(SERVER), leave_out=[]).observed["same"]
