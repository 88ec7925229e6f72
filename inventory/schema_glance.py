"""A first glance at data and its JSON Schema: where all is plainly well, the library is spared.

Loading the library takes longer than most commands run. So this says yes to what plainly fits, in
the few keywords of which it is sure, and otherwise that it cannot tell: the library then judges,
and finds the words. It never says yes to what the library would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_OF_TYPE: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in {int, float},
    "array": lambda value: type(value) is list,
    "object": lambda value: type(value) is dict,
}
_NO_RULE: Final = frozenset({"$schema", "$defs", "title", "description"})


def plainly_fits(value: Any, schema: Schema, whole: Schema) -> bool:
    """Tell whether a value surely satisfies a schema; False also means that this cannot tell.

    ``whole`` is the document in which the schema's references (``#/$defs/NAME``) are found.
    """
    return all(
        keyword in _NO_RULE or (keyword in _RULES and _RULES[keyword](value, rule, schema, whole))
        for keyword, rule in schema.items()
    )


def _reference(value: Any, rule: str, _schema: Schema, whole: Schema) -> bool:
    named = whole.get("$defs", {}).get(rule.removeprefix("#/$defs/"))
    return named is not None and plainly_fits(value, named, whole)


def _properties(value: Any, rule: Schema, _schema: Schema, whole: Schema) -> bool:
    return type(value) is dict and all(
        plainly_fits(each, rule[name], whole) for name, each in value.items() if name in rule
    )


def _others(value: Any, rule: Any, schema: Schema, whole: Schema) -> bool:
    if type(value) is not dict:
        return False
    others = value.keys() - schema.get("properties", {}).keys()
    if rule is False:
        return not others
    return type(rule) is dict and all(plainly_fits(value[name], rule, whole) for name in others)


def _items(value: Any, rule: Schema, _schema: Schema, whole: Schema) -> bool:
    return type(value) is list and all(plainly_fits(each, rule, whole) for each in value)


def _is_number(value: Any) -> bool:
    return type(value) in {int, float}


_RULES: Final[Mapping[str, Callable[[Any, Any, Schema, Schema], bool]]] = {
    "$ref": _reference,
    "type": lambda value, rule, *_: str(rule) in _OF_TYPE and _OF_TYPE[str(rule)](value),
    "enum": lambda value, rule, *_: type(value) is str and value in rule,
    "required": lambda value, rule, *_: type(value) is dict and value.keys() >= set(rule),
    "properties": _properties,
    "additionalProperties": _others,
    "items": _items,
    "minLength": lambda value, rule, *_: type(value) is str and len(value) >= rule,
    "pattern": lambda value, rule, *_: type(value) is str and bool(re.search(rule, value)),
    "minItems": lambda value, rule, *_: type(value) is list and len(value) >= rule,
    "minimum": lambda value, rule, *_: _is_number(value) and value >= rule,
    "maximum": lambda value, rule, *_: _is_number(value) and value <= rule,
    "exclusiveMinimum": lambda value, rule, *_: _is_number(value) and value > rule,
}
