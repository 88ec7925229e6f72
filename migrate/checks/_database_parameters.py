"""What checks of databases may be asked to do: the JSON Schema of their parameters."""

from __future__ import annotations

from typing import Any, Final

from migrate.checks._asked import flag

_PATTERNS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string", "minLength": 1}}


def _amount(description: str, default: float, *, may_be_zero: bool = False) -> dict[str, Any]:
    least = "minimum" if may_be_zero else "exclusiveMinimum"
    return {"type": "number", least: 0, "default": default, "description": description}


_WHAT: Final[dict[str, Any]] = {
    "leave_out": {
        **_PATTERNS,
        "description": "Tables that are not compared, such as public.session_*.",
    },
    "expected_new": {
        **_PATTERNS,
        "description": "Tables that only the new database need have.",
    },
    "live": flag(
        "Whether the old database may be written to while it is compared, as it is while it is "
        "replicated."
    ),
    "used": flag(
        "Whether the new database is in use already: rows that were added or changed there are "
        "told, and only those that are missing fail."
    ),
    "hide_keys": flag(
        "Whether rows are named by a hash of their key: for keys that tell of people."
    ),
    "resume": flag("Whether a run that was cut off carries on.", default=True),
}
"""Parameters that say what is compared, and how it is told."""
_HOW_LONG: Final[dict[str, Any]] = {
    "minutes": _amount("How long the whole comparison may take.", 120),
    "statement_seconds": _amount(
        "How long one statement may take before the database ends it.", 300
    ),
    "part_seconds": _amount("How long a statement should take: parts are sized by it.", 1),
    "pause_seconds": _amount(
        "How long to let the databases rest after each statement.", 0, may_be_zero=True
    ),
}
"""Parameters that bound what the comparison costs the databases."""


def parameters(scheme: str, example: str) -> dict[str, Any]:
    """Return the JSON Schema of such a check's parameters."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "old": _database(f"The old {scheme} database.", example),
            "new": _database(f"The new {scheme} database.", example),
            **_WHAT,
            **_HOW_LONG,
        },
    }


def _database(description: str, example: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["url"],
        "properties": {
            "url": {
                "type": "string",
                "description": f"Where it is, without its password: {example}. The server's own "
                "address stands in for one that is left out.",
            },
            "password_from": {
                "type": "string",
                "description": "Where the password is: env:NAME, file:PATH or "
                "keyring:SERVICE/NAME.",
                "pattern": "^(env|file|keyring):.+$",
            },
        },
        "description": description,
    }
