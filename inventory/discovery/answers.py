"""What is asked of all collectors together, and what each of them is then given to read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inventory.discovery.files import FilesRead, read_files, script_for
from inventory.discovery.frames import frames
from inventory.model.collector import Answer
from inventory.model.fact import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.collector import Collector

FILES: Final = "decant.files"
"""The question that reads every collector's files. No file of a collector can be named so."""
_SAMPLE: Final = re.compile(r"(?P<name>.+)~\d+\Z")


def questions_of(collectors: Mapping[str, Collector]) -> dict[str, str]:
    """Return what to ask, by name: the files of all of them first, then each one's script.

    Raises:
        PluginError: a collector names a file that cannot be put into a script.

    """
    files = script_for(
        (path for each in collectors.values() for path in each.files),
        (path for each in collectors.values() for path in each.guarded),
    )
    scripts = {name: each.script for name, each in collectors.items() if each.script}
    return {FILES: files, **scripts} if files else scripts


def samples_of(collectors: Mapping[str, Collector]) -> dict[str, str]:
    """Return what to ask again and again, by name."""
    return {name: each.sample for name, each in collectors.items() if each.sample}


def answers_of(
    data: bytes, collectors: Mapping[str, Collector], unfinished: Unknown
) -> dict[str, Answer | Unknown]:
    """Return what each collector is given; never raises, whatever the bytes.

    One that lacks a part of what it asked for, its files or its script, is unknown for the reason
    that holds for that part. Samples that did not come are no such part.
    """
    said = frames(data)
    files = said.get(FILES, unfinished)
    read = read_files(files.text) if isinstance(files, Answer) else files
    samples = _samples(said)
    return {
        name: _answer(each, said.get(name, unfinished), read, samples.get(name, ()))
        for name, each in collectors.items()
    }


def _answer(
    collector: Collector,
    said: Answer | Unknown,
    files: FilesRead | Unknown,
    samples: tuple[str, ...],
) -> Answer | Unknown:
    answer = said if collector.script else Answer()
    if isinstance(answer, Unknown):
        return answer
    if not collector.files and not collector.guarded:
        return replace(answer, samples=samples) if samples else answer
    if isinstance(files, Unknown):
        return files
    return replace(answer, files=files.content, denied=files.denied, samples=samples)


def _samples(said: Mapping[str, Answer | Unknown]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for frame, answer in said.items():
        match = _SAMPLE.match(frame)
        if match and isinstance(answer, Answer):
            found.setdefault(match["name"], []).append(answer.text)
    return {name: tuple(texts) for name, texts in found.items()}
