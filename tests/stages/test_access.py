"""What a run may use to get in is the same for every command of an estate."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.access import Typed, access_of
from inventory.errors import BadInputError, UsageError
from inventory.estate import DiscoverySettings, Estate
from inventory.estate_file import read_estate
from inventory.model.site import Site
from inventory.secret import Keeper, Reference

FOLDER = Path("/estate")
SECRET = Reference(keeper=Keeper.ENVIRONMENT, name="A")
OTHER = Reference(keeper=Keeper.FILE, name="b")
ESTATE = Estate(
    folder=FOLDER,
    name="made",
    database="sqlite://",
    discovery=DiscoverySettings(
        identity=(Path("key"),),
        known_hosts=(Path("hosts"),),
        ssh_config=(Path("config"),),
        password=SECRET,
        passphrase=SECRET,
        sudo=True,
    ),
)


def test_the_estate_says_how_servers_are_reached() -> None:
    """Keys accepted at the first visit count for all later ones; none is accepted anew."""
    access = access_of(ESTATE)
    assert access.identities == (Path("key"),)
    assert access.known_hosts == (Path("hosts"),)
    assert access.estate_known_hosts == FOLDER / "known_hosts"
    assert access.ssh_config == (Path("config"),)
    assert (access.password, access.passphrase) == (SECRET, SECRET)
    assert access.accept_new_into is None
    assert access.sudo


def test_what_is_typed_stands_in_place_of_the_file() -> None:
    """A key, a file and a secret's place that are named are the ones that are used."""
    typed = Typed(
        identity=(Path("other"),),
        known_hosts=(Path("theirs"),),
        ssh_config=(),
        password=OTHER,
        passphrase=OTHER,
        accept_new_host_keys=True,
    )
    access = access_of(ESTATE, typed)
    assert access.identities == (Path("other"),)
    assert access.known_hosts == (Path("theirs"),)
    assert access.ssh_config == ()
    assert (access.password, access.passphrase) == (OTHER, OTHER)
    assert access.accept_new_into == FOLDER / "known_hosts"


def test_without_any_word_the_users_own_files_count() -> None:
    """Nothing is named, so that ssh_config, or else the usual files, say what is trusted."""
    access = access_of(Estate(folder=FOLDER, name="made", database="sqlite://"))
    assert (access.known_hosts, access.ssh_config) == ((), None)
    assert not access.sudo


def read(folder: Path, text: str, environment: dict[str, str] | None = None) -> Estate:
    """Read an estate whose file holds this besides its name."""
    (folder / "decant.toml").write_text(f'[estate]\nname = "made"\n{text}')
    return read_estate(folder, environment or {})


def test_ways_in_are_read_from_the_file_and_the_environment(tmp_path: Path) -> None:
    """What the environment says stands in place of the file."""
    text = '[discovery]\nssh_config = "none"\npassword_from = "env:A"\nrate = 2.5\n'
    settings = read(tmp_path, text).discovery
    assert (settings.ssh_config, settings.password, settings.rate) == ((), SECRET, 2.5)
    over = {"DECANT_SSH_CONFIG": "config", "DECANT_PASSWORD_FROM": "file:b"}
    settings = read(tmp_path, text, over).discovery
    assert (settings.ssh_config, settings.password) == ((tmp_path / "config",), OTHER)


def test_a_secret_itself_has_no_place_in_the_environments_reference(tmp_path: Path) -> None:
    """The variable is named; what it holds is not repeated, for it may be the secret."""
    with pytest.raises(UsageError, match="DECANT_PASSWORD_FROM") as caught:
        read(tmp_path, "", {"DECANT_PASSWORD_FROM": "hunter2"})
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize("name", ["password_from", "passphrase_from", "password"])
def test_a_secret_itself_has_no_place_in_the_file(tmp_path: Path, name: str) -> None:
    """A reference may stand there, the secret may not; it is not repeated."""
    with pytest.raises(BadInputError, match="has no place") as caught:
        read(tmp_path, f'[discovery]\n{name} = "hunter2"\n')
    assert caught.value.place is not None
    assert caught.value.place.line == 4
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"


def test_sites_say_where_servers_stand(tmp_path: Path) -> None:
    """A site holds addresses by its networks, and names by its patterns."""
    text = (
        '[[sites]]\nname = "DC1"\nnetworks = ["10.1.0.0/16", "2001:db8::/32"]\n'
        'servers = ["*.dc1.example"]\njump = "me@bastion"\nrate = 5\n'
    )
    (site,) = read(tmp_path, text).sites
    assert site == Site(
        name="DC1",
        networks=("10.1.0.0/16", "2001:db8::/32"),
        servers=("*.dc1.example",),
        jump="me@bastion",
        rate=5,
    )
    assert all(map(site.holds, ("10.1.2.3", "2001:db8::7", "WEB-1.dc1.example")))
    assert not any(map(site.holds, ("10.2.0.1", "web-1", "dc1.example.org")))


def test_a_network_that_is_none_is_named_by_its_place(tmp_path: Path) -> None:
    """The message names the site's line."""
    with pytest.raises(BadInputError, match="is no network") as caught:
        read(tmp_path, '[[sites]]\nname = "DC1"\nnetworks = ["10.1"]\n')
    assert caught.value.place is not None
    assert caught.value.place.field == "sites[0].networks"
