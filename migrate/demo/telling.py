"""How the demo is told: numbered steps, a sentence each, and the commands with what they say."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TextIO

_BOLD, _DIM, _GREEN, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[0m"
_GOES_ON = " \\"
"""What a shell reads on after."""
_TEXT_COLUMNS = 100
_FILE_COLUMNS = 160
"""How wide tables are where no terminal says it."""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Writes the demo for a reader; in colours only on a terminal that wants them."""

    out: TextIO = field(default_factory=lambda: sys.stdout)

    @property
    def in_colour(self) -> bool:
        """Whether the reader sits at a terminal and has not asked for plain text."""
        return self.out.isatty() and not os.environ.get("NO_COLOR")

    @property
    def columns(self) -> int:
        """How wide tables may be."""
        if not self.out.isatty():
            return _FILE_COLUMNS
        return shutil.get_terminal_size((_FILE_COLUMNS, 24)).columns

    @property
    def text_columns(self) -> int:
        """How wide the demo's own words are."""
        return min(self.columns, _TEXT_COLUMNS)

    def say(self, text: str = "") -> None:
        """Write a line, or several."""
        self._write(f"{text}\n")

    def paragraph(self, text: str) -> None:
        """Write a text, broken into lines."""
        self.say(textwrap.fill(text, self.text_columns))

    def step(self, number: int, of: int, title: str, why: str) -> None:
        """Begin a step."""
        heading = f"── {number} of {of} · {title} "
        self.say()
        self.say(self._in(_BOLD, heading.ljust(self.text_columns, "─")))
        self.say(self._in(_DIM, textwrap.fill(why, self.text_columns)))

    def command(self, line: tuple[str, ...]) -> None:
        """Show a command as a user types it."""
        self.say()
        words = textwrap.TextWrapper(
            width=self.text_columns - len(_GOES_ON),
            initial_indent="$ ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        ).wrap(shlex.join(line))
        self.say(self._in(_BOLD, f"{_GOES_ON}\n".join(words)))

    def output(self, text: str) -> None:
        """Pass on what a command says, as it comes."""
        self._write(text)

    def ended(self, code: int, seconds: float) -> None:
        """Say how a command ended, and how long it took."""
        self.say(self._in(_DIM, f"(exit code {code}, {seconds:.1f} s)"))

    def happened(self, what: str) -> None:
        """Tell what people do."""
        self.say(f"\n» {what}")

    def seen(self, what: str) -> None:
        """Tell what the demo sees for itself."""
        self.say(self._in(_GREEN, f"✓ {what}"))

    def wrong(self, what: str) -> None:
        """Tell what is not as it must be."""
        self.say(self._in(_RED, f"✗ {what}"))

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{_PLAIN}" if self.in_colour else text

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
