"""What is asked of all collectors together, and what each of them is then given to read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from inventory.discovery.compose import Sound, Tidy
from inventory.discovery.files import FilesRead, read_files, script_for
from inventory.discovery.frames import frames
from inventory.discovery.wanted import wanted_by
from inventory.model.collector import Answer
from inventory.model.fact import Reason, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.collector import Collector

FILES: Final = "decant.files"
"""The question that reads every collector's files. No file of a collector can be named so."""
WORDING: Final = "decant.wording"
"""The question that answers in which words all the others were asked."""
_SHIPPED: Final = "inventory.collectors."
_NOTHING: Final = Answer()
_SAMPLE: Final = re.compile(r"(?P<name>.+)~\d+\Z")


def questions_of(collectors: Mapping[str, Collector]) -> dict[str, str]:
    """Return what to ask, by name: the files of all of them together, and each one's script.

    Before all else comes in which words each of them asks, so that an answer can be read for what
    it is when they have changed.

    Raises:
        PluginError: a collector names a file that cannot be put into a script.

    """
    files = script_for(
        (path for each in collectors.values() for path in each.files),
        (path for each in collectors.values() for path in each.guarded),
    )
    scripts = {name: _worded(each, each.script) for name, each in collectors.items() if each.script}
    words = " ".join(f"{name}={_digest(each)}" for name, each in sorted(collectors.items()))
    asked = {WORDING: Sound(f"echo {words}")} if words else {}
    return {**asked, **({FILES: Sound(files)} if files else {}), **scripts}


def asked_as_today(data: bytes, collectors: Mapping[str, Collector]) -> frozenset[str]:
    """Return the names of those that were asked in the words in which they are asked now."""
    said = frames(data).get(WORDING)
    words = said.text.split() if isinstance(said, Answer) else []
    then = dict(word.partition("=")[::2] for word in words)
    return frozenset(name for name, each in collectors.items() if then.get(name) == _digest(each))


def samples_of(collectors: Mapping[str, Collector]) -> dict[str, str]:
    """Return what to ask again and again, by name."""
    return {name: _worded(each, each.sample) for name, each in collectors.items() if each.sample}


def _worded(collector: Collector, script: str) -> str:
    if not collector.tidy:
        return script
    # Decant's own are tried in every shell before they are shipped; an estate's may not be.
    shipped = collector.read.__module__.startswith(_SHIPPED)
    return Sound(script) if shipped else Tidy(script)


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
    shares = wanted_by(collectors).shares(read) if isinstance(read, FilesRead) else {}
    samples = _samples(said)
    return {
        name: _answer(
            each, said.get(name, unfinished), shares.get(name, read), samples.get(name, ())
        )
        for name, each in collectors.items()
    }


def _answer(
    collector: Collector,
    said: Answer | Unknown,
    files: FilesRead | Unknown,
    samples: tuple[str, ...],
) -> Answer | Unknown:
    answer = said if collector.script else _NOTHING
    if isinstance(answer, Unknown):
        return answer
    if not collector.files and not collector.guarded:
        return replace(answer, samples=samples) if samples else answer
    if isinstance(files, Unknown):
        return files
    if files.stuck:
        # What such a file holds is unknown; it must not be taken for one that is not there.
        detail = f"reading {min(files.stuck)} did not end"
        return Unknown(reason=Reason.TIMED_OUT, detail=detail)
    if not files.content and not files.denied and not samples:
        return answer
    return replace(answer, files=files.content, denied=files.denied, samples=samples)


def _digest(collector: Collector) -> str:
    words = (collector.script, collector.sample, *collector.files, *collector.guarded)
    return hashlib.blake2b("\0".join(words).encode(), digest_size=6).hexdigest()


def _samples(said: Mapping[str, Answer | Unknown]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for frame, answer in said.items():
        match = _SAMPLE.match(frame) if "~" in frame else None
        if match and isinstance(answer, Answer):
            found.setdefault(match["name"], []).append(answer.text)
    return {name: tuple(texts) for name, texts in found.items()}
