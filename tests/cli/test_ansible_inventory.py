"""Decant as Ansible's dynamic inventory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import Decant

from inventory.errors import USAGE

SHOP = {"web-1", "app-1", "db-1", "cache-1"}


def test_a_listing_holds_every_server_with_its_variables(shop: Decant) -> None:
    """Every server is in a group that hangs below all, so that Ansible asks for no more."""
    said = shop("ansible-inventory", "--list")
    assert said.code == 0
    listing = json.loads(said.out)
    assert set(listing["_meta"]["hostvars"]) == SHOP
    below = {
        name
        for group in listing["all"]["children"]
        for name in listing.get(group, {"hosts": []})["hosts"]
    }
    assert below == SHOP


def test_one_server_is_told_as_the_listing_tells_it(shop: Decant) -> None:
    """--host prints the same variables; a name that nobody has is an error."""
    listing = json.loads(shop("ansible-inventory", "--list").out)
    said = shop("ansible-inventory", "--host", "web-1")
    assert json.loads(said.out) == listing["_meta"]["hostvars"]["web-1"]
    assert json.loads(said.out)["decant_os_family"] == "linux"
    unknown = shop("ansible-inventory", "--host", "web-9")
    assert (unknown.code, unknown.out) == (USAGE, "")


@pytest.mark.parametrize("words", [(), ("--list", "--host", "web-1")])
def test_one_of_the_two_questions_is_asked(shop: Decant, words: tuple[str, ...]) -> None:
    """Neither none nor both."""
    assert shop("ansible-inventory", *words).code == USAGE


def test_an_imported_inventory_comes_out_again(decant: Decant) -> None:
    """Groups, addresses and users that Ansible knew are those that Ansible is given."""
    Path("hosts.ini").write_text(
        "[web]\nw1 ansible_host=192.0.2.9 ansible_user=deploy\n[old]\nw2\n"
    )
    assert decant("init").code == 0
    assert decant("import", "hosts.ini").code == 0
    listing = json.loads(decant("ansible-inventory", "--list").out)
    assert listing["web"]["hosts"] == ["w1"]
    assert listing["old"]["hosts"] == ["w2"]
    variables = listing["_meta"]["hostvars"]["w1"]
    assert (variables["ansible_host"], variables["ansible_user"]) == ("192.0.2.9", "deploy")


def test_an_inventory_does_not_take_the_place_of_what_ansible_gathered(decant: Decant) -> None:
    """Imported after the facts, it adds groups to the same server, and erases no interface."""
    gathered = Path(__file__).parents[1] / "fixtures" / "imports" / "one_server" / "ansible.txt"
    Path("hosts.ini").write_text("[web]\napp-1 ansible_host=192.0.2.21\n")
    assert decant("init").code == 0
    assert decant("import", str(gathered)).code == 0
    assert decant("import", "hosts.ini").code == 0
    assert [each["name"] for each in json.loads(decant("servers", "--format", "json").out)] == [
        "app-1"
    ]
    shown = decant("show", "app-1").out
    assert "52:54:00:aa:bb:01" in shown
    assert json.loads(decant("ansible-inventory", "--list").out)["web"]["hosts"] == ["app-1"]


def test_the_exported_script_is_run_by_ansible(shop: Decant, tmp_path: Path) -> None:
    """Ansible gets from the script what Decant prints, and can run it as it was written."""
    assert shop("export", "ansible-inventory").code == 0
    script = Path("decant-inventory")
    assert os.access(script, os.X_OK)
    assert not os.access("decant-inventory.yml", os.X_OK)
    listing = json.loads(shop("ansible-inventory", "--list").out)
    place = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    asked = ["./decant-inventory", "--list"]
    if shutil.which("ansible-inventory"):
        asked = ["ansible-inventory", "-i", "./decant-inventory", "--list"]
    done = subprocess.run(
        asked,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"PATH": place, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )
    assert json.loads(done.stdout)["_meta"]["hostvars"] == listing["_meta"]["hostvars"]
