"""Accounts and groups are told with the state of each password, and no hash leaves a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from transplanted import said_below

from inventory.collectors.accounts import COLLECTOR
from inventory.model.accounts import ACCOUNTS, GROUPS, PasswordState
from inventory.model.collector import Answer
from inventory.model.fact import Facts

HIDDEN = "Tr0ub4dor"
PASSWD = f"""\
root:x:0:0:root:/root:/bin/bash
locked:x:1000:1000:A Name,Room 5,{HIDDEN},x:/home/locked:/bin/bash
star:x:11:11::/:/sbin/nologin
never:x:12:12::/:/bin/sh
empty:x:13:13::/:/bin/sh
old:{HIDDEN}:14:14::/:/bin/sh
+::::::
bent:{HIDDEN}
"""
SHADOW = f"""\
root:$y$j9T${HIDDEN}:19500:0:99999:7:::
locked:!$6${HIDDEN}:19500:0:60:7::20000:
star:*:19500:0:99999:7:::
never:!!:19500:0:99999:7:::
empty::19500:0:99999:7:::
{HIDDEN}
two:words:{HIDDEN}
bent:{HIDDEN}:{HIDDEN}:0:99999:7:::
"""
MASTER = f"""\
root:$2b$04${HIDDEN}:0:0::0:0:Charlie &:/root:/bin/csh
locked:*LOCKED*$2b${HIDDEN}:1000:1000::0:0:x:/home/locked:/bin/sh
star:*:11:11::0:0:x:/:/usr/sbin/nologin
"""
GROUP = f"root:x:0:\nwheel:{HIDDEN}:10:root,locked\nbent:{HIDDEN}\n"
AWKS = ["mawk", "gawk", "busybox awk"]


def told(folder: Path, awk: str, shadow: dict[str, str], *, sudo: bool = False) -> Facts:
    """Read what is said of such files; no secret is in it."""
    for name, content in {"passwd": PASSWD, "group": GROUP, **shadow}.items():
        file = folder / "etc" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    script = COLLECTOR.script.replace('"/etc/', f'"{folder}/etc/')
    said = said_below(folder, script, awk=awk, sudo=sudo)
    assert HIDDEN not in said
    return Facts.from_observations(COLLECTOR.read(Answer(text=said)))


@pytest.mark.parametrize("sudo", [False, True], ids=["as root", "with sudo"])
@pytest.mark.parametrize("awk", AWKS)
def test_linux_tells_the_state_of_passwords(tmp_path: Path, awk: str, *, sudo: bool) -> None:
    """Set, locked, absent and empty are told apart, wherever the hash is kept."""
    facts = told(tmp_path, awk, {"shadow": SHADOW}, sudo=sudo)
    assert {each.name: each.password for each in facts.value(ACCOUNTS) or ()} == {
        "root": PasswordState.SET,
        "locked": PasswordState.LOCKED,
        "star": PasswordState.ABSENT,
        "never": PasswordState.ABSENT,
        "empty": PasswordState.EMPTY,
        "old": PasswordState.SET,
    }
    assert {each.name: each.members for each in facts.value(GROUPS) or ()} == {
        "root": (),
        "wheel": ("root", "locked"),
    }


@pytest.mark.parametrize("awk", AWKS)
def test_freebsd_keeps_them_elsewhere(tmp_path: Path, awk: str) -> None:
    """The same is told of master.passwd."""
    facts = told(tmp_path, awk, {"master.passwd": MASTER})
    states = {each.name: each.password for each in facts.value(ACCOUNTS) or ()}
    assert [states[name] for name in ("root", "locked", "star")] == [
        PasswordState.SET,
        PasswordState.LOCKED,
        PasswordState.ABSENT,
    ]


@pytest.mark.parametrize("awk", AWKS)
def test_without_the_shadow_the_rest_is_told(tmp_path: Path, awk: str) -> None:
    """What only root may read costs the states alone."""
    facts = told(tmp_path, awk, {})
    accounts = {each.name: each for each in facts.value(ACCOUNTS) or ()}
    assert accounts["locked"].full_name == "A Name"
    assert accounts["locked"].password is None
    assert facts.value(GROUPS)
