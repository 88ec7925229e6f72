"""The second half: the switch, a change, who still calls, the controlled stop, and off."""

from __future__ import annotations

from inventory.errors import FINDINGS, PARTLY_UNKNOWN, REFUSED
from migration.proving import agree
from migration.scene import Scene
from migration.servers import (
    NEW_DATABASE,
    NEW_WEB,
    OLD_DATABASE,
    OLD_WEB,
    page,
    sql,
    until,
    within,
)

_AS_ANN = "--as Ann --key file:keys/ann --because"
_LATE = "insert into applications values (3001, date '2026-11-02', '3001 Station Road', null, 34)"


def switch(scene: Scene) -> None:
    """Switch the users, once the last row is there."""
    sql(scene.lab, OLD_DATABASE, _LATE)
    scene.tell(
        "An application comes in after the copy was made. Then nothing writes to the old database "
        "any more, and Ann declares it by her key."
    )
    scene.decant(f'attest {OLD_DATABASE} writes-stopped {_AS_ANN} "read-only since noon"')
    scene.decant(f"test {OLD_DATABASE} --stage cut-over", "id=3001", ends=FINDINGS)
    sql(scene.lab, NEW_DATABASE, _LATE)
    scene.tell("The last row is copied, and the residents are switched to the new web front.")
    scene.leaves("resident")
    scene.comes("resident", NEW_WEB)
    assert "3001 applications" in page(scene.lab, NEW_WEB)
    scene.decant(f'attest {OLD_WEB} users-switched {_AS_ANN} "by DNS, change 4711"')
    scene.decant("test --wave 1 --stage cut-over", "2 tables with 12,001 rows are the same")
    scene.tell("What was tested is not what is used now: it has to be tested again.")
    refused(scene, "retest / http: was never run")
    scene.decant("test --wave 1 --stage retest")
    agree(scene, OLD_WEB, "Ann", "Ben")
    agree(scene, OLD_DATABASE, "Ann", "Ben")


def a_change(scene: Scene) -> None:
    """Change the new server after the cut-over: all that was proved of it is void."""
    scene.tell(
        "## The new server changes\n\nSomebody starts a monitoring agent on the new web server. "
        "Everything that was proved of it, and agreed to, is void."
    )
    within(scene.lab, NEW_WEB, "systemd-run --quiet --unit=agent python3 -m http.server 9105")
    until(scene.lab, NEW_WEB, 9105)
    refused(scene, "passed, but void: the new server changed since: listeners")
    scene.decant(f"test {OLD_WEB} --stage retest", "9105/tcp (python3) is new", ends=FINDINGS)
    scene.tell("The difference is explained, by a key, tested again, and agreed to again.")
    about = "difference:listeners-parity:new:9105/tcp"
    scene.decant(f'attest {OLD_WEB} {about} {_AS_ANN} "our monitoring agent"')
    scene.decant(f"test {OLD_WEB} --stage cut-over")
    scene.decant(f"test {OLD_WEB} --stage retest", "our monitoring agent")
    refused(scene, "approve-decommission / approval")
    agree(scene, OLD_WEB, "Ann", "Ben")


def who_still_calls(scene: Scene) -> None:
    """Watch until the old servers are quiet; a stray client is caught by name."""
    scene.comes("statistics", OLD_DATABASE)
    scene.later(5)
    scene.tell(
        "## Who still calls\n\nFive days later all are looked at again; the playbook allows a week "
        "between two looks. Somebody's statistics still read the old database."
    )
    scene.decant("discover")
    caught = ("10.77.0.98, outside the estate, on 5432/tcp postgres", f"{OLD_WEB} 10.77.0.41")
    scene.decant("test --wave 1 --stage quiet", *caught, "10.77.0.99", ends=FINDINGS)
    refused(scene, "quiet / quiet-over-cycle", OLD_DATABASE)
    refused(scene, "quiet / quiet-over-cycle", OLD_WEB)
    scene.leaves("statistics")
    scene.later(6)
    scene.tell(
        "The statistics are told the new address. On the eleventh day the old web front was quiet "
        "for a week. The database was not: the old web front itself is connected to it."
    )
    scene.decant("discover")
    scene.decant("test --wave 1 --stage quiet", "no use was seen", "still used by", ends=FINDINGS)
    refused(scene, "quiet / quiet-over-cycle", OLD_DATABASE)


def stop(scene: Scene) -> None:
    """Stop the web front, take it back, and stop it again."""
    scene.tell("## The controlled stop\n\nThe web front's services are stopped.")
    scene.decant(f"decommission {OLD_WEB} --apply", "done: stopped for good: papers.service")
    assert page(scene.lab, OLD_WEB) == ""
    scene.tell("It can be taken back, which needs nobody's leave: the page is there again.")
    scene.decant(f"decommission {OLD_WEB} --undo --apply", "as they were before")
    until(scene.lab, OLD_WEB, 80)
    assert "3001 applications" in page(scene.lab, OLD_WEB)
    scene.tell("The gate permits it a second time, because all still holds.")
    scene.decant(f"decommission {OLD_WEB} --apply", "done: stopped for good: papers.service")
    scene.tell("It is not switched off at once: for a week somebody may miss it.")
    refused(scene, "stopped / ")


def web_off(scene: Scene) -> None:
    """Switch the old web server off, once."""
    scene.later(5)
    scene.tell("Five days later it is too early still, although the services are stopped.")
    scene.decant("discover")
    scene.decant(f"test {OLD_WEB} --stage stopped", ends=PARTLY_UNKNOWN)
    refused(scene, "stopped / services-stopped")
    scene.later(2.5)
    scene.tell("## Off\n\nA week later nobody has missed it.")
    scene.decant(f'attest {OLD_WEB} nobody-missed-it {_AS_ANN} "no call at the service desk"')
    scene.decant(f"test {OLD_WEB} --stage stopped", "stopped, and not started at boot")
    assert scene.lab.running[OLD_WEB].is_running
    scene.decant(f"decommission {OLD_WEB} --apply", "done: told to power off")
    assert not scene.lab.running[OLD_WEB].is_running
    scene.tell("A second run does nothing: it says that it is done.")
    scene.decant(f"decommission {OLD_WEB} --apply", "already done")
    scene.decant(f"test {OLD_WEB} --stage off", "nobody answers at its address")


def database_off(scene: Scene) -> None:
    """Go the same way with the database, which is quiet now."""
    scene.later(3.5)
    scene.tell("The database's turn: nobody was connected to it for longer than its weekly list.")
    scene.decant("discover", ends=PARTLY_UNKNOWN)
    scene.decant(f"test {OLD_DATABASE} --stage quiet", "no use was seen")
    scene.decant(f"decommission {OLD_DATABASE} --apply", "done: stopped for good: postgresql@13")
    refused(scene, "stopped / ", OLD_DATABASE)
    scene.later(7.5)
    scene.decant(f'attest {OLD_DATABASE} nobody-missed-it {_AS_ANN} "no call at the service desk"')
    scene.decant(f"test {OLD_DATABASE} --stage stopped")
    scene.decant(f"decommission {OLD_DATABASE} --apply", "done: told to power off")
    assert not scene.lab.running[OLD_DATABASE].is_running
    scene.decant(f"test {OLD_DATABASE} --stage off", "nobody answers at its address")
    assert "3001 applications" in page(scene.lab, NEW_WEB)


def the_record(scene: Scene) -> None:
    """Read what is left of it: the ledger."""
    scene.tell("## The record\n\nEvery step is an entry, chained and signed.")
    scene.decant("ledger verify", "whole:", "signed by Ann", "signed by Ben")


def refused(scene: Scene, why: str, server: str = OLD_WEB) -> None:
    """Try the next act, which is refused for that reason."""
    scene.decant(f"decommission {server} --apply", why, ends=REFUSED)


CHAPTERS = (switch, a_change, who_still_calls, stop, web_off, database_off, the_record)
