"""An estate is found and read whole, the environment overlays it, and each fault has its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from inventory.errors import BadInputError, UsageError
from inventory.estate import CloudTables, DiscoverySettings, Estate, MoveSettings, Partner
from inventory.estate_file import find_estate, make_estate, read_estate

WHOLE = """\
[estate]
name = "Civic hub"
hub_opens = 2027-09-01
usd_to_gbp = 0.78
usd_to_gbp_date = 2026-11-01

[[partners]]
name = "SBC"
share = 50

[[partners]]
name = "EHDC"
share = 50

[discovery]
targets = ["ssh://root@10.0.0.4", "local"]
identity = ["keys/id_ed25519"]
known_hosts = ["/etc/ssh/known"]
sudo = true
at_once = 8

[database]
url = "postgresql://decant@db/estate"

[aws]
region = "eu-west-2"

[azure]
subscription = "00000000-0000-0000-0000-000000000000"

[policy]
max_age_days = 14

[[moves]]
server = "web-1"
to = "aws"
replacement = "ssh://root@10.1.0.4"
instance = "i-0123456789abcdef0"
playbook = "rehost"
wave = 2
owner = "Web team"

[moves.parameters.ports]
ignore = [22]

[[moves]]
server = "old-1"
to = "retire"
"""
LEAST = '[estate]\nname = "Civic hub"\n'


def estate(folder: Path, text: str, **environment: str) -> Estate:
    """Read an estate whose file holds this text."""
    (folder / "decant.toml").write_text(text, encoding="utf-8")
    return read_estate(folder, environment)


def test_everything_in_the_file_is_read(tmp_path: Path) -> None:
    """Each field arrives with its type; paths are taken from the estate's folder."""
    assert estate(tmp_path, WHOLE) == Estate(
        folder=tmp_path,
        name="Civic hub",
        database="postgresql://decant@db/estate",
        hub_opens=date(2027, 9, 1),
        usd_to_gbp=Decimal("0.78"),
        usd_to_gbp_date=date(2026, 11, 1),
        partners=(
            Partner(name="SBC", share=Decimal(50)),
            Partner(name="EHDC", share=Decimal(50)),
        ),
        discovery=DiscoverySettings(
            targets=("ssh://root@10.0.0.4", "local"),
            identity=(tmp_path / "keys/id_ed25519",),
            known_hosts=(Path("/etc/ssh/known"),),
            sudo=True,
            at_once=8,
        ),
        clouds=CloudTables(
            aws={"region": "eu-west-2"},
            azure={"subscription": "00000000-0000-0000-0000-000000000000"},
        ),
        policy={"max_age_days": 14},
        moves=(
            MoveSettings(
                server="web-1",
                to="aws",
                replacement="ssh://root@10.1.0.4",
                resource="i-0123456789abcdef0",
                playbook="rehost",
                wave=2,
                owner="Web team",
                parameters={"ports": {"ignore": [22]}},
            ),
            MoveSettings(server="old-1", to="retire"),
        ),
    )


def test_a_name_is_all_that_an_estate_needs(tmp_path: Path) -> None:
    """The database then is a file beside decant.toml, and nothing else is made up."""
    least = estate(tmp_path, LEAST)
    assert least.database == f"sqlite:///{tmp_path / 'decant.db'}"
    assert least.usd_to_gbp is None
    assert least.discovery == DiscoverySettings()


def test_a_relative_database_lies_in_the_estate(tmp_path: Path) -> None:
    """Whatever folder the command is called from."""
    text = f'{LEAST}[database]\nurl = "sqlite:///data/estate.db"\n'
    assert estate(tmp_path, text).database == f"sqlite:///{tmp_path / 'data/estate.db'}"


def test_the_environment_stands_in_place_of_the_file(tmp_path: Path) -> None:
    """So that CI needs to edit no file."""
    given = estate(
        tmp_path,
        WHOLE,
        DECANT_DATABASE="sqlite:////srv/ci.db",
        DECANT_TARGETS="ssh://ci@10.0.0.9, local",
        DECANT_IDENTITY="/run/key",
        DECANT_KNOWN_HOSTS="/run/known",
    )
    assert given.database == "sqlite:////srv/ci.db"
    assert given.discovery.targets == ("ssh://ci@10.0.0.9", "local")
    assert given.discovery.identity == (Path("/run/key"),)
    assert given.discovery.known_hosts == (Path("/run/known"),)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (('"SBC"\nshare = 50', '"SBC"\nshare = 40'), "7: partners", "add up to 90"),
        (('name = "EHDC"', 'name = "SBC"'), "12: partners[1].name", "second partner 'SBC'"),
        (("sudo = true", 'sudo = "yes"'), "19: discovery.sudo", "not of type 'boolean'"),
        (("at_once = 8", "at_once = 0"), "20: discovery.at_once", "less than the minimum"),
        (("at_once", "at_onec"), "20: discovery.at_onec", "no field 'at_onec'"),
        (('to = "aws"', 'to = "gcp"'), "36: moves[0].to", "'gcp' is not one of"),
        (('to = "retire"\n', ""), ": moves[1]", "'to' is a required property"),
        (("wave = 2", "wave = 0"), "40: moves[0].wave", "less than the minimum"),
        (("2027-09-01", '"soon"'), "3: estate.hub_opens", "'soon' is no date"),
        (("[policy]", "[polcy]"), "polcy", "no field 'polcy'"),
        (("sudo = true", 'password = "x"'), "19: discovery.password", "secret has no place"),
        (("ignore = [22]", 'api_token = "x"'), "api_token", "secret has no place"),
        (("decant@db", "decant:hunter2@db"), "23: database.url", "password has no place"),
        (("[aws]", "[aws"), ":25:", "not TOML"),
    ],
)
def test_each_fault_is_named_by_its_place(
    tmp_path: Path, change: tuple[str, str], place: str, words: str
) -> None:
    """File, line and field are told as far as they can be found; a secret itself is not."""
    assert WHOLE.count(change[0]) == 1
    with pytest.raises(BadInputError) as caught:
        estate(tmp_path, WHOLE.replace(*change))
    told = str(caught.value)
    assert told.startswith(f"{tmp_path / 'decant.toml'}:")
    assert place in told
    assert words in told
    assert "hunter2" not in f"{told}{caught.value.hint}"


def test_a_cloud_resource_fits_its_destination(tmp_path: Path) -> None:
    """An EC2 instance for a move to Azure is a mistake, not a wish."""
    text = f'{LEAST}[[moves]]\nserver = "a"\nto = "azure"\ninstance = "i-1"\n'
    with pytest.raises(BadInputError, match=r"moves\[0\]\.to"):
        estate(tmp_path, text)


@pytest.mark.parametrize(
    ("to", "resource"),
    [
        ("aws", "arn:aws:rds:eu-west-2:123456789012:db:shop"),
        ("aws", "arn:aws:s3:::shop-files"),
        (
            "azure",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/a/databases/b",
        ),
    ],
)
def test_what_replaces_a_server_may_be_no_server(tmp_path: Path, to: str, resource: str) -> None:
    """A database or a bucket is named by its ARN or resource id, and read as the move's own."""
    text = f'{LEAST}[[moves]]\nserver = "a"\nto = "{to}"\nresource = "{resource}"\n'
    assert estate(tmp_path, text).moves[0].resource == resource


@pytest.mark.parametrize(
    "fields",
    [
        'to = "aws"\nresource = "shop-files"',
        'to = "aws"\nresource = "/subscriptions/s/resourceGroups/g/providers/a/b/c"',
        'to = "azure"\nresource = "arn:aws:s3:::shop-files"',
        'to = "hub"\nresource = "arn:aws:s3:::shop-files"',
        'to = "aws"\nresource = "arn:aws:s3:::shop-files"\ninstance = "i-1"',
    ],
)
def test_a_resource_says_whose_it_is(tmp_path: Path, fields: str) -> None:
    """A bare name, another cloud's id, or a second resource is bad input."""
    with pytest.raises(BadInputError, match=r"moves\[0\]"):
        estate(tmp_path, f'{LEAST}[[moves]]\nserver = "a"\n{fields}\n')


@pytest.mark.parametrize("content", [b"\xff\xfe", b""])
def test_unusable_files_are_bad_input(tmp_path: Path, content: bytes) -> None:
    """Whatever the bytes are, the file is named."""
    (tmp_path / "decant.toml").write_bytes(content)
    with pytest.raises(BadInputError, match=r"decant\.toml"):
        read_estate(tmp_path, {})


def test_an_estate_is_found_from_a_folder_within(tmp_path: Path) -> None:
    """The nearest one upwards counts; the option comes before the environment before that."""
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        make_estate(folder, "x")
    within = one / "reports" / "2026"
    within.mkdir(parents=True)
    environment = {"DECANT_ESTATE": str(other)}
    assert find_estate(None, {}, within) == one
    assert find_estate(None, environment, within) == other
    assert find_estate(one, environment, other) == one


def test_no_estate_is_said_so_with_the_remedy(tmp_path: Path) -> None:
    """Neither a folder without decant.toml nor nothing at all is taken for an estate."""
    with pytest.raises(UsageError) as caught:
        find_estate(None, {}, tmp_path)
    assert "decant init" in str(caught.value.hint)
    with pytest.raises(UsageError, match="is no estate"):
        find_estate(tmp_path, {}, tmp_path)


def test_a_new_estate_can_be_read_at_once(tmp_path: Path) -> None:
    """The template is valid as it is, whatever the name; the database stays out of git."""
    folder = tmp_path / "new"
    make_estate(folder, 'The "Civic" \\ hub')
    assert read_estate(folder, {}).name.startswith("The 'Civic'")
    assert (folder / ".gitignore").read_text() == "decant.db*\n"


def test_everything_that_the_template_suggests_is_valid(tmp_path: Path) -> None:
    """Taking the comment signs away from the suggestions gives a valid file."""
    path = make_estate(tmp_path, "x")
    lines = path.read_text().splitlines()
    suggested = [line.removeprefix("# ") if "=" in line or "[" in line else line for line in lines]
    path.write_text("\n".join(suggested))
    full = read_estate(tmp_path, {})
    assert [each.name for each in full.partners] == ["SBC", "EHDC"]
    assert [each.server for each in full.moves] == ["web-1"]
    assert [each.name for each in full.people] == ["Jane Doe"]
    assert full.signing.key == "file:~/.ssh/decant"
    assert [each.why for each in full.freezes] == ["year end"]


def test_an_estate_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """Making it again is refused."""
    path = make_estate(tmp_path, "first")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="there already"):
        make_estate(tmp_path, "second")
    assert path.read_bytes() == before


PEOPLE = """\
[[people]]
name = "Jane Doe"
partner = "SBC"
key = "ssh-ed25519 AAAA jane"
roles = ["service owner"]

[[people]]
name = "Tom Roe"
partner = "EHDC"
key = "ssh-ed25519 AAAB"
"""


def test_people_and_their_keys_are_read(tmp_path: Path) -> None:
    """Each with the partner for whom they speak, and the roles in which they are asked."""
    jane, tom = estate(tmp_path, WHOLE + PEOPLE).people
    assert (jane.name, jane.partner, jane.roles) == ("Jane Doe", "SBC", ("service owner",))
    assert (tom.key, tom.roles) == ("ssh-ed25519 AAAB", ())


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (('"EHDC"\nkey', '"Hertford"\nkey'), "people[1].partner", "no partner 'Hertford'"),
        (("Tom Roe", "Jane Doe"), "people[1].name", "second person with the name"),
        (("AAAB", "AAAA other"), "people[1].key", "second person with the key"),
        (("ssh-ed25519 AAAB", "ssh-rsa AAAB"), "people[1].key", "does not match"),
        (("wave = 2", 'partners = ["SCB"]'), "moves[0].partners", "no partner 'SCB'"),
    ],
)
def test_whoever_may_approve_is_one_person_with_one_key(
    tmp_path: Path, change: tuple[str, str], place: str, words: str
) -> None:
    """A name or key that stands twice, or speaks for nobody, is a fault with its place."""
    with pytest.raises(BadInputError) as caught:
        estate(tmp_path, (WHOLE + PEOPLE).replace(*change))
    assert place in str(caught.value)
    assert words in str(caught.value)


def test_a_freeze_is_of_days(tmp_path: Path) -> None:
    """Both are days, the last one not before the first."""
    freeze = '[[freezes]]\nfrom = 2027-03-25\nuntil = 2027-04-09\nwhy = "year end"\n'
    assert estate(tmp_path, LEAST + freeze).freezes[0].end == date(2027, 4, 9)
    with pytest.raises(BadInputError, match="ends before it begins"):
        estate(tmp_path, LEAST + freeze.replace("2027-04-09", "2027-03-01"))
    with pytest.raises(BadInputError, match="is no date"):
        estate(tmp_path, LEAST + freeze.replace("2027-04-09", '"soon"'))
