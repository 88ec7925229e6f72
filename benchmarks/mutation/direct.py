"""Calls tests themselves, without pytest, where they ask for nothing but their parameters.

A run of pytest takes seconds and such a test milliseconds.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def any_fails(modules: Sequence[str]) -> bool:
    """Tell whether any test of these modules fails.

    Of fixtures it knows ``tmp_path``, and those of the test's own file that need no other.
    """
    for name in modules:
        module = import_module(name)
        for test in list(vars(module).values()):
            if inspect.isfunction(test) and test.__name__.startswith("test_"):
                for call in _calls(test, vars(module)):
                    try:
                        call()
                    except Exception:  # noqa: BLE001 - whatever a fault leads to
                        return True
    return False


def _calls(test: Callable[..., None], around: Mapping[str, Any]) -> Iterator[Callable[[], None]]:
    """Yield a call for each combination of a test's parameters, a folder of its own among them."""
    marks = [each for each in getattr(test, "pytestmark", ()) if each.name == "parametrize"]
    for combination in itertools.product(*(_sets(each) for each in marks)):
        given = {name: value for each in combination for name, value in each.items()}
        asked = inspect.signature(test).parameters.keys() - given.keys()
        if not asked:
            yield partial(test, **given)
        elif asked == {"tmp_path"}:
            yield partial(_in_folder, partial(test, **given))
        elif len(asked) == 1 and asked <= around.keys():
            (name,) = asked
            fixture = contextmanager(around[name].__wrapped__)
            yield partial(_in_folder, partial(_with, fixture, name, partial(test, **given)))


def _in_folder(test: Callable[..., None]) -> None:
    with TemporaryDirectory() as folder:
        test(tmp_path=Path(folder))


def _with(
    fixture: Callable[..., Any], name: str, test: Callable[..., None], *, tmp_path: Path
) -> None:
    with fixture(tmp_path) as made:
        test(**{name: made})


def _sets(mark: Any) -> list[dict[str, Any]]:
    names, values = mark.args
    if isinstance(names, str):
        names = [each.strip() for each in names.split(",")]
    if len(names) == 1:
        return [{names[0]: value} for value in values]
    return [dict(zip(names, each, strict=True)) for each in values]
