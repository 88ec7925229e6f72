"""Stopping services for good, and starting them again, on servers of three service managers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from acting import SECONDS, Acting
from estate import needs
from estate.definition import definition
from estate.lab import Lab, raised
from estate.roots import NoRootError

pytestmark = needs.estate
STOPPED = {
    "cache-2": ("memcached.service",),
    "db-1": ("postgresql@13-main.service", "archive.service"),
    "files-1": ("nmbd", "smbd"),
    "cache-1": ("redis-server",),
}
"""What each server's applications are, as systemd, System V and OpenRC call them."""
SYSTEMD = ("cache-2", "db-1")
SWEPT = "redis-server"
"""OpenRC does not follow the state of services whose scripts are System V's: it goes on to say that
they run. What listens shows that they do not."""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Raise the servers."""
    try:
        with raised(definition().only(*STOPPED), tmp_path_factory.mktemp("lab")) as up:
            yield up
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


def acting(lab: Lab, name: str, **parameters: Any) -> Acting:
    """Return the action on one server of the lab."""

    def runs(command: Sequence[str], given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            lab.network.enter(*command),
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    return Acting(
        runs=runs,
        action="stop-services-ssh",
        source=f"ssh://root@{lab.definition.server(name).address}",
        key=Path(lab.key),
        known_hosts=Path(lab.known_hosts),
        parameters=parameters,
    )


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Name the parts of a server's fingerprint that differ."""
    assert before["unknown"] == after["unknown"] == []
    return {name for name, part in before["parts"].items() if after["parts"].get(name) != part}


@pytest.mark.parametrize("name", STOPPED)
def test_services_are_stopped_for_good_and_started_again(lab: Lab, name: str) -> None:
    """Exactly the applications' services stop; exactly what was declared changes; all comes back.

    Doing it twice leaves what doing it once leaves.
    """
    act = acting(lab, name)
    before = act.see()
    prepared = act.prepare()
    particulars = prepared["particulars"]
    assert prepared["refusal"] == ""
    assert tuple(each.split()[0] for each in particulars) == STOPPED[name]
    assert act.look(particulars)["aftermath"] == "not done"

    for _ in range(2):
        assert act.apply(particulars)["aftermath"] == "done"
    assert act.look(particulars)["aftermath"] == "done"
    stopped = act.see()
    assert "listeners" in changed(before, stopped) <= {"listeners", "configuration"}
    for each in (service.removesuffix(".service") for service in STOPPED[name]):
        assert stopped["services"][each] == ["running" if each == SWEPT else "stopped", False]
    others = before["services"].keys() - {each.removesuffix(".service") for each in STOPPED[name]}
    assert all(stopped["services"][each] == before["services"][each] for each in others)

    assert act.restore(particulars)["aftermath"] == "not done"
    again = act.see()
    assert again["services"] == before["services"]
    # System V's tools write the order in which services start down anew.
    assert changed(before, again) <= (set() if name in SYSTEMD else {"configuration"})


@pytest.mark.parametrize("name", SYSTEMD)
def test_what_was_stopped_in_part_is_neither_done_nor_not(lab: Lab, name: str) -> None:
    """A service that was started again by hand shows, and taking it back brings all back."""
    act = acting(lab, name)
    particulars = act.prepare()["particulars"]
    act.apply(particulars)
    unit = STOPPED[name][0]
    lab.exec(name, ["systemctl", "unmask", unit])
    lab.exec(name, ["systemctl", "start", unit])
    seen = act.look(particulars)
    restored = act.restore(particulars)

    assert seen["aftermath"] == ("unknown" if len(STOPPED[name]) > 1 else "not done")
    assert restored["aftermath"] == "not done"


@pytest.mark.parametrize(
    ("services", "words"),
    [
        (["ssh"], "ssh is never stopped"),
        (["systemd-journald.service"], "is never stopped"),
        (["no-such-service"], "it knows no service no-such-service"),
        (["x; reboot"], "cannot be a service's name"),
    ],
)
def test_what_must_not_be_stopped_is_not(lab: Lab, services: list[str], words: str) -> None:
    """SSH, the network and the journal go on; a name that is none is told nothing."""
    prepared = acting(lab, "cache-2", services=services).prepare()

    assert words in prepared["refusal"]
    assert prepared["particulars"] == []


def test_people_may_name_what_is_stopped(lab: Lab) -> None:
    """What is named takes the place of what would be found."""
    act = acting(lab, "db-1", services=["archive.service"])
    particulars = act.prepare()["particulars"]
    applied = act.apply(particulars)
    services = act.see()["services"]
    act.restore(particulars)

    assert applied["aftermath"] == "done"
    assert services["archive"][0] == "stopped"
    assert services["postgresql@13-main"][0] == "running"
