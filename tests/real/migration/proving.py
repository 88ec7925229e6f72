"""The first half: what is there, a copy with a wrong row, proof, agreement, the release."""

from __future__ import annotations

from inventory.errors import BAD_INPUT, FINDINGS, REFUSED
from migration.clone import clone_in_place_of
from migration.scene import Scene, write_estate
from migration.servers import (
    NEW_DATABASE,
    NEW_WEB,
    OLD_DATABASE,
    OLD_WEB,
    copy_rows,
    page,
    sql,
)


def look(scene: Scene) -> None:
    """Find out what is there, and plan it; nothing may be switched off yet."""
    scene.comes("resident", OLD_WEB)
    scene.tell("## What is there\n\nThe estate is made.")
    scene.decant("init papers")
    scene.folder = scene.folder / "papers"
    write_estate(scene)
    scene.tell(
        "`decant.toml` is filled in (two partners, Ann and Ben with their public keys, the four "
        "servers, two moves), the two playbooks are put into `playbooks`, and every server is "
        "asked."
    )
    scene.decant("discover", "4 of 4 servers answered")
    scene.decant("plan", OLD_WEB, OLD_DATABASE)
    scene.decant("status", "to test")
    scene.tell("Nothing was proved, so nothing may be done.")
    scene.decant(f"decommission {OLD_WEB} --apply", "was never run", ends=REFUSED)
    scene.decant(f"decommission {OLD_DATABASE} --apply", "was never run", ends=REFUSED)


def wrong_row(scene: Scene) -> None:
    """Copy the data with a wrong row, which is found and put right."""
    copy_rows(scene.lab, scene.passwords)
    assert page(scene.lab, NEW_WEB) == page(scene.lab, OLD_WEB)
    sql(scene.lab, NEW_DATABASE, "update applications set fee = fee + 10 where id = 1871")
    scene.tell(
        "## A row is wrong\n\nThe database is copied by `pg_dump`. In the copy, somebody changes "
        "the fee of one application in 3,000. The page looks the same; the check names the row."
    )
    scene.decant("test --wave 1", "1 row differs", "id=1871: another value in fee", ends=FINDINGS)
    approve = f"approve {OLD_DATABASE} --as Ann --key file:keys/ann"
    scene.tell("What failed cannot be agreed to, and nothing may be done.")
    scene.decant(approve, "cannot be approved", ends=REFUSED)
    scene.decant(f"decommission {OLD_DATABASE} --apply", "id=1871", ends=REFUSED)
    sql(scene.lab, NEW_DATABASE, "update applications set fee = fee - 10 where id = 1871")
    scene.tell("The row is put right.")
    scene.decant(f"test {OLD_DATABASE}", "2 tables with 12,000 rows are the same")
    scene.tell("It is proved, and nobody has agreed.")
    scene.decant(f"decommission {OLD_DATABASE} --apply", "0 of 2 partners agreed", ends=REFUSED)


def two_keys(scene: Scene) -> None:
    """Let both partners agree, each by their own key; nobody speaks for the other."""
    scene.tell("## Two keys\n\nOne partner agrees. The other's word cannot be given by that key.")
    scene.decant(f"approve {OLD_WEB} --as Ann --key file:keys/ann", "Ann (SBC) agrees")
    scene.decant(f"approve {OLD_WEB} --as Ben --key file:keys/ann", ends=BAD_INPUT)
    scene.decant(f"decommission {OLD_WEB} --apply", "1 of 2 partners agreed", ends=REFUSED)
    agree(scene, OLD_WEB, "Ben")
    agree(scene, OLD_DATABASE, "Ann", "Ben")


def a_clone(scene: Scene) -> None:
    """Put a clone of the new server in its place, which nobody proved anything of."""
    scene.tell(
        "## A clone\n\nA copy of the new web server answers at its address, with its disk, its "
        "name and its host key, on other hardware. What was proved was proved of the other one."
    )
    with clone_in_place_of(scene.lab, NEW_WEB, scene.lab.key.parent):
        scene.decant(
            f"decommission {OLD_WEB} --apply",
            "the new server changed since:",
            "identity",
            ends=REFUSED,
        )


def release(scene: Scene) -> None:
    """Release both servers for cut-over; each entry is permitted by the gate."""
    scene.tell("## Cut-over\n\nThe clone is gone. Every condition of the release, one by one:")
    scene.decant(f"decommission {OLD_WEB} --explain", "permitted", "nothing was changed")
    scene.decant(f"decommission {OLD_WEB} --apply", "done: papers-old is released")
    scene.decant(f"decommission {OLD_DATABASE} --apply", "done: papers-db-old is released")


def agree(scene: Scene, server: str, *people: str) -> None:
    """Let people agree, each by their own key."""
    for person in people:
        scene.decant(f"approve {server} --as {person} --key file:keys/{person.lower()}", "agrees")


CHAPTERS = (look, wrong_row, two_keys, a_clone, release)
