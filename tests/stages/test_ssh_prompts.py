"""At the keyboard the password is given once, to the question that wants it."""

from __future__ import annotations

import pytest

from inventory.secret import Secret
from inventory.ssh.prompts import Prompts


@pytest.mark.parametrize("question", ["Password: ", "(me@web-1) Password: ", "Kennwort: "])
def test_the_password_is_given_to_whoever_hides_the_answer(question: str) -> None:
    """In any language, and only once."""
    prompts = Prompts(Secret("word"))
    assert prompts.answer("", "", [(question, False)]) == ["word"]
    assert prompts.answer("", "", []) == []
    assert prompts.beyond == ""
    assert prompts.answer("", "", [(question, False)]) == [""]
    assert prompts.beyond == question.strip()


@pytest.mark.parametrize(
    "question",
    ["Verification code: ", "One-time password (OATH) for `me': ", "Duo passcode: ", "PIN: "],
)
def test_a_code_is_never_answered_with_the_password(question: str) -> None:
    """Whoever asks for a second factor gets nothing, and is told of."""
    prompts = Prompts(Secret("word"))
    assert prompts.answer("", "", [(question, False)]) == [""]
    assert prompts.beyond == question.strip()


def test_nothing_is_given_where_the_answer_would_be_shown() -> None:
    """A question whose answer appears on a screen wants no password."""
    prompts = Prompts(Secret("word"))
    assert prompts.answer("", "", [("User name: ", True), ("Password: ", False)]) == ["", "word"]
