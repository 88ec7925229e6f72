"""What a server asks at the keyboard, and the one thing that we answer: the password, once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.secret import Secret

_CODE = re.compile(
    r"\b(code|otp|one[- ]time|token|pin|passcode|verification|authenticator|duo|yubikey)\b",
    re.IGNORECASE,
)
_MOST_SAID = 100


class Prompts:
    """Answers the first question whose answer is not shown, unless it asks for a code."""

    def __init__(self, password: Secret) -> None:
        """Have this password to give."""
        self._password = password
        self._given = False
        self.beyond = ""
        """What was asked besides the password, as it was asked."""

    def answer(self, _title: str, _words: str, questions: Sequence[tuple[str, bool]]) -> list[str]:
        """Answer each of the questions, each given with whether its answer may be shown."""
        return [self._one(question, shown=shown) for question, shown in questions]

    def _one(self, question: str, *, shown: bool) -> str:
        if shown or self._given or _CODE.search(question):
            self.beyond = self.beyond or question.strip()[:_MOST_SAID]
            return ""
        self._given = True
        return self._password.value
