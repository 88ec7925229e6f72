"""YAML that somebody else wrote → texts, lists and mappings, and nothing else.

No tag is obeyed, so nothing is made or run; what is encrypted or tagged otherwise is None. A
document whose anchors stand for more than it holds itself, many times over, is refused.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.reading.export import File

_MOST: Final = 1_000_000
"""Values of a document, each alias counted for all that it stands for."""
_LONGEST: Final = 64 << 20
"""Characters of a document."""
_PLAIN: Final = "tag:yaml.org,2002:"
_NULL: Final = f"{_PLAIN}null"


def yaml_of(file: File) -> Any:
    """Return the one document of a file; scalars as text, None for what is null or tagged.

    Raises:
        BadInputError: it is no YAML, too deep, or too large.

    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import ReusedAnchorWarning, YAMLError

    text = file.text()
    if len(text) > _LONGEST:
        raise BadInputError(f"{file.name}: it is YAML of more than {_LONGEST} characters")
    try:
        with warnings.catch_warnings():
            # YAML 1.2 lets an anchor be set again: an alias stands for the last one before it.
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            node = YAML(typ="safe", pure=True).compose(text)
        _check_size(node, file.name)
        return _plain(node)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f": line {mark.line + 1}" if mark else ""
        said = getattr(error, "problem", None) or "it cannot be read"
        raise BadInputError(f"{file.name}{place}: it is no YAML: {said}") from error
    except RecursionError as error:
        raise BadInputError(f"{file.name}: its YAML is nested too deeply") from error
    except ValueError as error:
        raise BadInputError(f"{file.name}: it is no YAML: {error}") from error


def _check_size(node: Any, name: str) -> None:
    if _size(node, {}) > _MOST:
        raise BadInputError(f"{name}: its anchors expand to more than {_MOST} values")


def _size(node: Any, known: dict[int, int]) -> int:
    """Return how many values a node stands for; one that holds itself, more than any."""
    if not isinstance(getattr(node, "value", None), list):
        return 1
    if id(node) not in known:
        known[id(node)] = _MOST + 1
        known[id(node)] = 1 + sum(_size(each, known) for each in _below(node))
    return known[id(node)]


def _below(node: Any) -> list[Any]:
    parts: list[Any] = []
    for each in node.value:
        parts.extend(each if isinstance(each, tuple) else (each,))
    return parts


def _plain(node: Any) -> Any:
    if node is None:
        return None
    if isinstance(node.value, list):
        pairs = [each for each in node.value if isinstance(each, tuple)]
        if pairs or str(node.tag) == f"{_PLAIN}map":
            return _mapping(pairs)
        return [_plain(each) for each in node.value]
    tag = str(node.tag)
    return str(node.value) if tag.startswith(_PLAIN) and tag != _NULL else None


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
    """Return a mapping; what is merged into it (``<<``) gives way to its own."""
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in pairs:
        name = _plain(key)
        if name == "<<":
            held = _plain(value)
            for each in held if isinstance(held, list) else [held]:
                merged = {**each, **merged} if isinstance(each, dict) else merged
        elif isinstance(name, str):
            own[name] = _plain(value)
    return merged | own
