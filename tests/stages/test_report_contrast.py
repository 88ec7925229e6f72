"""The HTML report can be read by people who see little contrast: WCAG 2.2, criteria 1.4.3, 1.4.11.

Relative luminance and contrast ratio are as WCAG 2.2 defines them.
"""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = (
    files("migrate.reports._readiness")
    .joinpath("templates", "style.css")
    .read_text(encoding="utf-8")
)
LIGHT, DARK, PRINT = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
TEXT = [
    *((text, ground) for text in ("text", "soft", "link") for ground in ("ground", "panel")),
    ("band-text", "band"),
    ("unknown-text", "ground"),
    *((f"{state}-text", f"{state}-ground") for state in ("ready", "conditions", "not-ready")),
]
MEANT = [(state, "ground") for state in ("ready", "conditions", "not-ready", "unknown")]


def colours(block: str) -> dict[str, str]:
    """Read the colours of one scheme, six digits each."""
    found = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3}(?:[0-9a-f]{3})?);", block))
    return {
        name: code if len(code) == 6 else "".join(2 * digit for digit in code)
        for name, code in found.items()
    }


def luminance(code: str) -> float:
    """Return the relative luminance of a colour."""
    parts = [int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out(scheme: str, text: str, ground: str) -> None:
    """At least 4.5 to 1."""
    known = colours(scheme)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
@pytest.mark.parametrize(("shape", "ground"), MEANT)
def test_shapes_that_mean_something_stand_out(scheme: str, shape: str, ground: str) -> None:
    """At least 3 to 1; and a word or a number stands beside each."""
    known = colours(scheme)
    assert contrast(known[shape], known[ground]) >= 3


def test_the_measure_is_that_of_the_standard() -> None:
    """Black on white is 21 to 1, and a colour on itself is 1 to 1."""
    assert round(contrast("000000", "ffffff"), 6) == 21
    assert contrast("1a5a96", "1a5a96") == 1
