"""What a page must look like before it is believed, by JSON Schema: one file for each kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from inventory.errors import UnreachableError

_PACKAGE = "migrate.catalogue.refreshing.schemas"
_MOST_WORDS = 200


def check_shape(service: str, about: str, content: Any) -> None:
    """See that a page has the shape that its service documents.

    Raises:
        UnreachableError: it has not.

    """
    from jsonschema import Draft202012Validator

    fault = next(iter(Draft202012Validator(_schema(about)).iter_errors(content)), None)
    if fault is not None:
        raise UnreachableError(
            f"{service} answered what it does not document: {fault.json_path}: "
            f"{fault.message[:_MOST_WORDS]}",
            hint="nothing was applied; check any proxy or mirror on the way, and run decant "
            "catalogue refresh again: it goes on with this page",
        )


@cache
def _schema(about: str) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = json.loads(
        (resources.files(_PACKAGE) / f"{about}.json").read_text(encoding="utf-8")
    )
    return schema
