"""ssh_config is read as OpenSSH reads it; where ssh is installed, ssh itself is the judge."""

from __future__ import annotations

import getpass
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import BadInputError, UnreachableError
from inventory.model.asking import Access
from inventory.model.site import Site
from inventory.model.target import Target
from inventory.ssh.algorithms import choose
from inventory.ssh.config import matches_list
from inventory.ssh.route import Hop, Routes

ME = getpass.getuser()


def routes(folder: Path, text: str, **more: object) -> Routes:
    """Return the routes by an ssh_config of this text."""
    file = folder / "config"
    file.write_text(text)
    return Routes(Access(ssh_config=(file,), **more))  # type: ignore[arg-type]


def hop(folder: Path, text: str, target: str, **more: object) -> Hop:
    """Return the way to a target by an ssh_config of this text."""
    return routes(folder, text, **more).to(Target.parse(target))


EVERYTHING = """
# before any Host
User=first
Host web-? !web-2
    HostName %h.example
    Port = 2201
    IdentityFile ~/.ssh/web-%h-%r
    IdentityFile "/keys/with blank" # two
Host web-2
    Port 2202
    ConnectTimeout 7
    ProxyJump none
Match host *.example
    HostKeyAlias in-example
Match originalhost db,db-* user admin
    Port 2203
    ConnectTimeout 1m30
Match !originalhost web-* localuser {me}
    IdentitiesOnly yes
Match final host web-1.example
    CertificateFile /certificates/%n
Host db*
    User ignored-since-first-won
    ProxyJump me@bastion-1:2222,ssh://bastion-2
Host both
    ProxyCommand /bin/nc %h %p
    ProxyJump never
Host *
    Port 2299
    IdentityFile /keys/everybody
    SendEnv LANG
    ANewOptionOfTomorrow with "an odd ' quote
    UserKnownHostsFile /known/%h /known/two
    Compression yes
Match all
    CanonicalizeHostname no
    Ciphers aes256-ctr
"""


@pytest.mark.skipif(shutil.which("ssh") is None, reason="ssh is not installed")
@pytest.mark.parametrize("target", ["web-1", "web-2", "db", "db-7", "both", "other.example"])
def test_ssh_itself_understands_it_so(tmp_path: Path, target: str) -> None:
    """``ssh -G`` tells the same address, port, user, keys and files for every server."""
    text = EVERYTHING.replace("{me}", ME).replace("ANewOption", "#ANewOption")
    ours = hop(tmp_path, text, target)
    said = subprocess.run(
        ["ssh", "-G", "-F", str(tmp_path / "config"), target],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    theirs: dict[str, list[str]] = {}
    for line in said.splitlines():
        keyword, _, value = line.partition(" ")
        theirs.setdefault(keyword, []).append(value)
    home = str(Path.home())
    assert [ours.host] == theirs["hostname"]
    assert [str(ours.port)] == theirs["port"]
    assert [ours.user] == theirs["user"]
    assert ours.keys.only == (theirs["identitiesonly"] == ["yes"])
    assert theirs["ciphers"] == [ours.algorithms.ciphers]
    assert _no_tokens(theirs["identityfile"], ours) == [
        str(each).replace(home, "~") for each in ours.keys.files
    ]
    seconds = [f"{ours.connect_seconds:g}"] if ours.connect_seconds else ["none"]
    assert theirs["connecttimeout"] == seconds
    assert theirs["userknownhostsfile"] == [" ".join(map(str, ours.known_hosts[:2]))]


def _no_tokens(paths: list[str], ours: Hop) -> list[str]:
    """Return paths as ssh prints them, with the tokens that it leaves put in."""
    return [each.replace("%h", ours.host).replace("%r", ours.user) for each in paths]


def test_jump_hosts_and_commands_are_found(tmp_path: Path) -> None:
    """Whichever is given first counts; a chain is followed from its end."""
    text = EVERYTHING.replace("{me}", ME)
    way = hop(tmp_path, text, "db")
    assert way.jump is not None
    assert way.jump.jump is not None
    assert (way.jump.typed, way.jump.user, way.jump.port) == ("bastion-2", "first", 2299)
    first = way.jump.jump
    assert (first.typed, first.user, first.port) == ("bastion-1", "me", 2222)
    both = hop(tmp_path, text, "both")
    assert (both.command, both.jump) == ("/bin/nc both 2299", None)


def test_what_was_typed_wins(tmp_path: Path) -> None:
    """A user and a port in the target are not replaced, the usual port among them."""
    text = "User other\nPort 2222\n"
    for typed, user, port in (
        ("root@web-1", "root", 2222),
        ("web-1:2200", "other", 2200),
        ("ssh://web-1:22", "other", 22),
        ("web-1", "other", 2222),
    ):
        found = hop(tmp_path, text, typed)
        assert (found.user, found.port) == (user, port)


def test_files_are_included_where_they_stand(tmp_path: Path) -> None:
    """Patterns in order, nested, and within a Host only for it; what is not there is no fault."""
    (tmp_path / "a.conf").write_text("Host web-1\n Port 2201\nHost *\n User from-a\n")
    (tmp_path / "b.conf").write_text(f"Include {tmp_path}/deep\n")
    (tmp_path / "deep").write_text("HostName deep.example\n")
    text = f"Host web-*\n Include {tmp_path}/*.conf {tmp_path}/none\nPort 2299\n"
    found = hop(tmp_path, text, "web-1")
    assert (found.host, found.port, found.user) == ("deep.example", 2201, "from-a")
    found = hop(tmp_path, text, "web-2")
    assert (found.host, found.port, found.user) == ("deep.example", 2299, "from-a")
    other = hop(tmp_path, text, "db-1")
    assert (other.host, other.port, other.user) == ("db-1", 22, ME)


def test_included_names_count_from_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``Include hosts/*`` is ``~/.ssh/hosts/*``, and ~/.ssh/config is read without being named."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".ssh" / "hosts"
    folder.mkdir(parents=True)
    (folder / "one").write_text("Host web-1\n Port 2201\n")
    (tmp_path / ".ssh" / "config").write_text("Include hosts/*\n")
    assert Routes(Access()).to(Target.parse("web-1")).port == 2201
    assert Routes(Access(ssh_config=())).to(Target.parse("web-1")).port == 22


def test_a_file_that_includes_itself_ends(tmp_path: Path) -> None:
    """Sixteen levels are OpenSSH's limit too; the file is named."""
    with pytest.raises(BadInputError, match="too many files include one another"):
        routes(tmp_path, f"Include {tmp_path}/config\n")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Port abc", "port cannot be 'abc'"),
        ("Port 70000", "port cannot be '70000'"),
        ("HostName", "hostname needs an argument"),
        ('User "open', "a quotation mark is not closed"),
        ("Match", "match needs an argument"),
        ("Match host", "Match host needs an argument"),
        ("Match colour blue", "Match knows no criterion 'colour'"),
        ("ConnectTimeout soon", "connecttimeout cannot be 'soon'"),
    ],
)
def test_a_line_without_sense_is_named(tmp_path: Path, line: str, why: str) -> None:
    """File and line are in the message, before any server is asked."""
    with pytest.raises(BadInputError, match=why) as caught:
        routes(tmp_path, f"# one\n\n{line}\n")
    assert str(caught.value).startswith(f"{tmp_path / 'config'}:3: ")


def test_a_file_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    """It may name commands: whoever writes it runs them as us."""
    routes(tmp_path, "Port 2201\n")
    (tmp_path / "config").chmod(0o646)
    with pytest.raises(BadInputError, match="others can write to this") as caught:
        routes(tmp_path, "Port 2201\n")
    assert "chmod go-w" in str(caught.value.hint)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    """One that was not named need not be."""
    with pytest.raises(BadInputError, match="No such file") as caught:
        Routes(Access(ssh_config=(tmp_path / "none",)))
    assert "--ssh-config none" in str(caught.value.hint)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_options_that_we_do_not_know_never_stop_a_run(text: str) -> None:
    """Whatever follows an unknown keyword on its line is nobody's fault."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        one_line = text.replace("\n", " ").replace("\r", " ")
        assert hop(Path(folder), f"Tomorrow {one_line}\nPort 2201\n", "web-1").port == 2201


def test_host_keys_are_verified_whatever_it_says(tmp_path: Path) -> None:
    """StrictHostKeyChecking changes nothing of what is trusted, nor where it is looked up."""
    text = "StrictHostKeyChecking no\nNoHostAuthenticationForLocalhost yes\n"
    assert hop(tmp_path, text, "web-1") == hop(tmp_path, "", "web-1")


def test_known_hosts_that_were_named_stand_in_place(tmp_path: Path) -> None:
    """The estate's own file counts beside whichever they are."""
    text = "UserKnownHostsFile none\nGlobalKnownHostsFile /global\nHostKeyAlias Other\n"
    own = tmp_path / "own"
    found = hop(tmp_path, text, "web-1:2222", estate_known_hosts=own)
    assert found.known_hosts == (Path("/global"), own)
    assert found.known_as == "other"
    named = hop(tmp_path, text, "web-1", known_hosts=(Path("/named"),), estate_known_hosts=own)
    assert named.known_hosts == (Path("/named"), own)


def test_a_command_may_decide(tmp_path: Path) -> None:
    """Match exec runs its command with its tokens, and only when all before it is met."""
    marker = tmp_path / "ran"
    text = (
        f'Match originalhost web-1 exec "touch {marker}-%n; test %n = web-1"\n Port 2201\n'
        'Match exec "false"\n User nobody\n'
    )
    assert hop(tmp_path, text, "db-1").port == 22
    assert not Path(f"{marker}-db-1").exists()
    found = hop(tmp_path, text, "web-1")
    assert (found.port, found.user) == (2201, ME)
    assert Path(f"{marker}-web-1").exists()


def test_a_variable_that_is_not_set_leaves_its_file_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in OpenSSH, the setting is passed over."""
    monkeypatch.setenv("KEYS", "/keys")
    text = "IdentityFile ${KEYS}/a\nIdentityFile ${NO_SUCH_VARIABLE}/b\n"
    assert hop(tmp_path, text, "web-1").keys.files == (Path("/keys/a"),)


def test_agents_are_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IdentityAgent names another socket, a variable, or none."""
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/usual")
    monkeypatch.setenv("OTHER", "/run/other")
    for text, expected in (
        ("", "/run/usual"),
        ("IdentityAgent none\n", None),
        ("IdentityAgent SSH_AUTH_SOCK\n", "/run/usual"),
        ("IdentityAgent $OTHER\n", "/run/other"),
        ("IdentityAgent /run/%r\n", f"/run/{ME}"),
    ):
        assert hop(tmp_path, text, "web-1").keys.agent == expected
    assert hop(tmp_path, "", "web-1", use_agent=False).keys.agent is None


def test_a_site_wins_over_ssh_config(tmp_path: Path) -> None:
    """Its jump host leads to its servers; to reach that, ssh_config counts as ever."""
    site = Site(name="DC1", networks=("10.1.0.0/16",), jump="me@bastion")
    text = "Host db\n HostName 10.1.0.5\n ProxyJump other\nHost bastion\n HostName 10.1.0.1\n"
    found = hop(tmp_path, text, "db", sites=(site,))
    assert found.jump is not None
    assert (found.jump.host, found.jump.user, found.jump.jump) == ("10.1.0.1", "me", None)
    assert hop(tmp_path, text, "elsewhere", sites=(site,)).jump is None


@pytest.mark.parametrize(
    ("patterns", "fits"),
    [(["a*", "!ab"], True), (["a*", "!abc"], False), (["!abc"], False), (["A?C"], True)],
)
def test_patterns_match_as_in_openssh(patterns: list[str], fits: bool) -> None:  # noqa: FBT001  a parameter
    """A negated pattern alone matches nothing; letters' case does not count."""
    assert matches_list("abc", patterns) is fits


ABLE = ("curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "group14")


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        (None, ABLE),
        ("group14,curve25519-sha256", ("group14", "curve25519-sha256@libssh.org")),
        ("-*nistp256,unknown", ("curve25519-sha256@libssh.org", "group14")),
        ("^group14", ("group14", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256")),
        ("+sntrup761x25519-sha512@openssh.com", ABLE),
    ],
)
def test_algorithms_are_chosen_among_ours(written: str | None, chosen: tuple[str, ...]) -> None:
    """What we do not speak is left out, whichever way the list is written."""
    assert choose("KexAlgorithms", written, ABLE) == chosen


def test_algorithms_of_which_none_is_ours_are_said(tmp_path: Path) -> None:
    """What could be allowed is in the hint; no other is used instead."""
    del tmp_path
    with pytest.raises(UnreachableError, match="Decant speaks none of it") as caught:
        choose("KexAlgorithms", "sntrup761x25519-sha512", ABLE)
    assert "group14" in str(caught.value.hint)
