"""Where the migration is played: the raised servers, an estate folder, and whoever uses them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from estate.lab import Lab, raised

from migrate.demo.fleet_keys import make_key, write_private
from migration.servers import ADDRESSES, FILES, Passwords, servers, set_up
from migration.transcript import Step, Transcript
from migration.typist import Typist, typist

_KEYS: Final = ("ann", "ben", "decant")
_CLIENT: Final = Path(__file__).parent / "client.py"


@dataclass(kw_only=True)
class Scene:
    """All that a chapter of the play needs."""

    lab: Lab
    folder: Path
    """The estate folder, or the one in which it is made."""
    passwords: Passwords
    typist: Typist
    transcript: Transcript = field(default_factory=Transcript)
    days: float = 0
    """How many days have gone by since it began."""
    visiting: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def decant(self, line: str, *says: str, ends: int = 0) -> Step:
        """Type a command, and take what came back into the transcript.

        Raises:
            AssertionError: it ended with another code, or did not say all that.

        """
        step = self.typist.types(line, self.folder, self.days)
        self.transcript.add(step)
        assert step.code == ends, f"{line}: {step.code}\n{step.said}"
        for each in says:
            assert each in step.said, f"{line}: does not say {each!r}:\n{step.said}"
        return step

    def tell(self, text: str) -> None:
        """Tell what happens besides."""
        self.transcript.tell(text)

    def later(self, days: float) -> None:
        """Let days go by."""
        self.days += days

    def comes(self, who: str, server: str) -> None:
        """Let somebody outside use a server, until they leave; return once they are served."""
        process = subprocess.Popen(
            self.lab.network.enter(sys.executable, "-S", str(_CLIENT), who, ADDRESSES[server]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.visiting[who] = process
        assert process.stdout
        assert process.stdout.readline() == "there\n"

    def leaves(self, who: str) -> None:
        """Let somebody leave; return once they are gone."""
        process = self.visiting.pop(who)
        process.kill()
        process.communicate(timeout=10)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Raise the servers and set the application up; nothing is known to Decant yet."""
    passwords = Passwords()
    with ExitStack() as stack:
        lab = stack.enter_context(raised(servers(), folder))
        hands = stack.enter_context(typist(lab, folder, READER_PASSWORD=passwords.reader))
        set_up(lab, passwords)
        made = Scene(lab=lab, folder=folder, passwords=passwords, typist=hands)
        stack.callback(lambda: [made.leaves(who) for who in tuple(made.visiting)])
        yield made


def write_estate(scene: Scene) -> None:
    """Write what people write after ``decant init``: decant.toml, keys and playbooks."""
    text = (FILES / "decant.toml").read_text()
    keys = scene.folder / "keys"
    keys.mkdir()
    for name in _KEYS:
        made = make_key()
        write_private(keys / name, made)
        text = text.replace(f"KEY OF {name}", made.public)
    text = text.replace("IDENTITY", str(scene.lab.key))
    text = text.replace("KNOWN_HOSTS", str(scene.lab.known_hosts))
    (scene.folder / "decant.toml").write_text(text)
    own = scene.folder / "playbooks"
    own.mkdir(exist_ok=True)
    for each in (FILES / "playbooks").iterdir():
        (own / each.name).write_text(each.read_text())
