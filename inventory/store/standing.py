"""What was learnt of a server and not told since: it holds beside what the last visit stated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from inventory.model.fact import Known
from inventory.store.facts import documents_of
from inventory.store.statements import pack, statement, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from inventory.model.fact import Observation, Origin
    from inventory.store.statements import Statement

_Document = dict[str, Any]
_Learnt = dict[str, tuple["Origin | None", _Document]]


def left_over(
    connection: Connection,
    past: Iterable[bytes],
    now: Mapping[str, Observation],
    stated: Iterable[Statement],
) -> bytes | None:
    """Return, packed, what earlier documents state that those of a visit do not tell anew.

    ``past`` are the documents that held until now, older ones first; ``now`` is what a visit
    observed, and ``stated`` the same as it is stored. None when the visit tells all of it.
    """
    again = {_question(each) for each in stated}
    statements = [
        each for packed in past for each in unpack(packed) if _question(each) not in again
    ]
    documents = documents_of(connection, statements)
    learnt: _Learnt = {}
    for each in statements:
        for name, document in documents[each.body].items():
            if _is_known(document) or name not in learnt or not _is_known(learnt[name][1]):
                learnt[name] = (each.origin, document)
    return _packed({name: each for name, each in learnt.items() if _holds(name, each[1], now)})


def _question(each: Statement) -> tuple[str, bytes]:
    return each.question, each.body


def _is_known(document: _Document) -> bool:
    return "unknown" not in document


def _holds(name: str, document: _Document, now: Mapping[str, Observation]) -> bool:
    """Tell whether it still holds: an unknown does not erase what was learnt before."""
    if name not in now:
        return True
    return _is_known(document) and not isinstance(now[name].fact, Known)


def _packed(learnt: _Learnt) -> bytes | None:
    together: dict[Origin | None, dict[str, _Document]] = {}
    for name, (origin, document) in learnt.items():
        together.setdefault(origin, {})[name] = document
    statements = [
        statement(origin, json.dumps(documents).encode()) for origin, documents in together.items()
    ]
    return pack(statements) if statements else None
