"""Compare everything that two databases hold, and say what it came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrate.data.comparing import Comparison, Scope, agreed_method, named_apart
from migrate.data.model import CannotTellError, Catalogue, LostError, TableResult
from migrate.data.pace import Load
from migrate.data.progress import Notebook, binding
from migrate.data.side import Described, Side
from migrate.model.check import Memory


@dataclass(frozen=True, kw_only=True)
class Comparing:
    """What comparing two databases came to."""

    old: Described
    new: Described
    method: str
    tables: tuple[TableResult, ...] = ()
    missing: tuple[str, ...] = ()
    """Tables that only the old database has."""
    extra: tuple[str, ...] = ()
    """Tables that only the new one has, and that are not expected."""
    wrong: tuple[str, ...] = ()
    """What else is wrong, in words."""
    untold: tuple[str, ...] = ()
    """What cannot be told, in words."""
    aside: tuple[str, ...] = ()
    """What was left out, in words."""
    written: tuple[str, ...] = field(default=())
    """Tables of the old database that were written to while it was compared."""


def compare_databases(
    old: Side, new: Side, *, scope: Scope, load: Load, memory: Memory, key: str
) -> Comparing:
    """Compare two databases, each at one moment of its own.

    What was found is remembered under ``key`` for these two moments, so that a comparison that was
    cut off carries on as long as neither database is written to.

    Raises:
        CannotTellError: both are one and the same, or nothing can be compared.

    """
    if old.is_same(new):
        raise CannotTellError("the old and the new database are one and the same")
    before, after = old.catalogue(new.described), new.catalogue(old.described)
    method = agreed_method(old, new)
    bound = binding(old.described, new.described, (method, *scope.leave_out))
    notebook = Notebook(memory=memory, key=key, bound_to=bound)
    comparison = Comparison(
        old=old, new=new, method=method, load=load, notebook=notebook, progress=notebook.read()
    )
    results = _tables(comparison, before, after, scope)
    notebook.write(comparison.progress)
    missing, extra = named_apart(before, after, scope)
    written, why = _written(old, scope)
    return Comparing(
        old=old.described,
        new=new.described,
        method=method,
        tables=tuple(results),
        missing=tuple(missing),
        extra=tuple(extra),
        wrong=(*_sequences(before, after, scope), *_extensions(before, after)),
        untold=(
            *(f"{each} (old database)" for each in before.untold),
            *(f"{each} (new database)" for each in after.untold),
            *why,
        ),
        aside=(*before.aside, *_left_out(before, scope)),
        written=written,
    )


def _tables(
    comparison: Comparison, before: Catalogue, after: Catalogue, scope: Scope
) -> list[TableResult]:
    names = [each for each in sorted(before.tables) if each in after.tables]
    results: list[TableResult] = []
    lost: LostError | None = None
    for name in _unfinished_first(names, comparison.progress.table):
        if scope.leaves_out(name):
            continue
        if lost:
            results.append(TableResult(name=name, untold=str(lost)))
            continue
        try:
            results.append(comparison.table(before.tables[name], after.tables[name]))
        except LostError as error:
            lost = error
            results.append(TableResult(name=name, untold=str(error)))
    return sorted(results, key=lambda each: each.name)


def _unfinished_first(names: list[str], unfinished: str) -> list[str]:
    return sorted(names, key=lambda name: name != unfinished)


def _written(old: Side, scope: Scope) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        written = old.written()
    except CannotTellError as error:
        return (), (f"whether the old database was written to meanwhile: {error}",)
    return tuple(each for each in written if not scope.leaves_out(each)), ()


def _sequences(before: Catalogue, after: Catalogue, scope: Scope) -> list[str]:
    wrong = []
    for name, last in before.sequences.items():
        if scope.leaves_out(name):
            continue
        if name not in after.sequences:
            if not any(each.startswith(f"sequence {name}:") for each in after.untold):
                wrong.append(f"sequence {name} is missing")
        elif last is not None:
            wrong += _behind(name, last, after.sequences[name], downward=name in before.downward)
    return wrong


def _behind(name: str, last: int, now: int | None, *, downward: bool) -> list[str]:
    if now is None:
        return [f"sequence {name} has not begun, and has given {last} on the old one"]
    is_behind = now > last if downward else now < last
    return [f"sequence {name} stands at {now}, behind {last} on the old one"] if is_behind else []


def _extensions(before: Catalogue, after: Catalogue) -> list[str]:
    lacking = sorted(set(before.extensions) - set(after.extensions))
    return [f"extension {each} is missing" for each in lacking]


def _left_out(before: Catalogue, scope: Scope) -> list[str]:
    return [f"{name}: left out as asked" for name in before.tables if scope.leaves_out(name)]
