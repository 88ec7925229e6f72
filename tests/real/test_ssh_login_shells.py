"""Whatever shell an account has, and whatever that prints, we get answers or the reason why not.

Each account is a real one, on a real server, with its login shell from the machine.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import accounts
import pytest
from accounts import Account, make_account
from collecting import collectors, key
from openssh import Server, make_key, sign

from inventory.discovery.run import ask_all
from inventory.model.asking import Limits
from inventory.model.fact import Facts, Known
from inventory.model.run import Visit

pytestmark = [pytest.mark.sshd, pytest.mark.namespaces]

QUESTIONS = collectors(
    quotes="""printf '%s' "it's \\$5" '`id`' é""",
    locale='printf "%s" "$LC_ALL"',
    path="case $PATH in */sbin:*) printf full;; esac",
)
EXPECTED = {"quotes": "it's $5`id`é", "locale": "C", "path": "full"}
SHELLS = ("sh", "bash", "rbash", "csh", "tcsh", "fish", "zsh", "ksh93", "mksh")
NOISE = "echo Welcome to this server!; echo 'quota: none' >&2; printf 'no line feed'\n"
NOISY = (".bashrc", ".bash_profile", ".profile", ".zshenv", ".kshrc", ".cshrc", ".tcshrc")

Ask = Callable[..., Visit]


@pytest.fixture
def ask(sshd: Callable[..., Server], tmp_path: Path) -> Iterator[Ask]:
    """Return what asks an account with a shell of the test's choosing."""
    if why := accounts.missing():
        pytest.skip(why)
    folders: list[Path] = []

    def asking(
        shell: str, *options: str, prepare: Callable[[Account], None] | None = None
    ) -> Visit:
        folder = Path(tempfile.mkdtemp(prefix="decant-test-"))
        folders.append(folder)
        account = make_account(folder, shell=shell)
        if prepare:
            prepare(account)
        authority, me = make_key(tmp_path / "authority"), make_key(tmp_path / "me")
        sign(me, authority, "-n", accounts.NAME)
        server = sshd(
            f"TrustedUserCAKeys {authority}.pub",
            f"SetEnv HOME={account.home} LC_ALL=xx_YY.ISO-8859-1 LANG=de_DE.UTF-8",
            *options,
            within=account.within,
        )
        allowed = replace(server.access(tmp_path / "known"), identities=(me,))
        (visit,) = ask_all(
            [replace(server.target, user=accounts.NAME)],
            collectors=QUESTIONS,
            access=allowed,
            limits=Limits(server_seconds=20),
            run_id="run-1",
        )
        return visit

    yield asking
    for folder in folders:
        shutil.rmtree(folder)


def shell_path(name: str) -> str:
    """Return where a shell is."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: apt-get install {name}")
    return path


def answers(visit: Visit) -> dict[str, str]:
    """Return what was answered."""
    assert visit.unreachable is None, visit.unreachable
    facts = Facts.from_observations(visit.observations)
    found = {name: facts.of(key(name)) for name in QUESTIONS}
    return {name: fact.value for name, fact in found.items() if isinstance(fact, Known)}


def noisy(account: Account) -> None:
    """Have every start-up file print on both streams, and set what a user might set."""
    for name in NOISY:
        (account.home / name).write_text(NOISE)
    fish = account.home / ".config" / "fish"
    fish.mkdir(parents=True)
    (fish / "config.fish").write_text(NOISE)
    for path in account.home.rglob("*"):
        path.chmod(0o755)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_login_shell_hands_the_script_on(ask: Ask, shell: str) -> None:
    """Its own syntax, its locale and what its start-up files print make no difference."""
    visit = ask(shell_path(shell), prepare=noisy)
    assert answers(visit) == EXPECTED
    if shell in {"csh", "tcsh", "fish"}:  # which read their files for every command
        assert b"Welcome to this server!" in visit.raw


def test_no_path_is_no_obstacle(ask: Ask) -> None:
    """A session with a poor PATH still finds the tools, as long as it finds sh."""
    poor = ask("/bin/sh", "ForceCommand env -i PATH=/bin sh -s")
    assert answers(poor) == EXPECTED


def test_a_message_of_the_day_and_a_banner_are_passed_over(ask: Ask, tmp_path: Path) -> None:
    """What the server says to everybody is no answer."""
    banner = tmp_path / "banner"
    banner.write_text("Authorised use only.\n" * 100)
    assert answers(ask("/bin/sh", f"Banner {banner}", "PrintMotd yes")) == EXPECTED


@pytest.mark.parametrize(
    ("shell", "words"),
    [
        ("/usr/sbin/nologin", "This account is currently not available."),
        ("/bin/false", "it let us in but did not run the script (exit status 1)"),
    ],
)
def test_an_account_that_may_not_log_in_says_so(ask: Ask, shell: str, words: str) -> None:
    """What it said is repeated, with its status."""
    if not Path(shell).exists():
        pytest.skip(f"there is no {shell} here")
    visit = ask(shell)
    assert visit.unreachable is not None
    assert words in visit.unreachable.detail
    assert "did not run the script" in visit.unreachable.detail


def test_a_shell_that_finds_no_sh_says_so(ask: Ask) -> None:
    """A restricted shell whose PATH holds nothing repeats its own words."""

    def confine(account: Account) -> None:
        (account.home / ".bashrc").write_text("PATH=/nowhere\n")
        (account.home / ".bashrc").chmod(0o644)

    visit = ask(shell_path("rbash"), prepare=confine)
    assert visit.unreachable is not None
    assert "(exit status 127)" in visit.unreachable.detail
    assert "sh" in visit.unreachable.detail


def test_a_forced_command_that_is_no_shell_says_so(ask: Ask) -> None:
    """Its words are repeated, so that one sees whose account it is."""
    visit = ask("/bin/sh", "ForceCommand echo backups only")
    assert visit.unreachable is not None
    assert "it said 'backups only'" in visit.unreachable.detail
