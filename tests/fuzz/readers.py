"""Feed mutated answers to every collector's reader, guided by which of its lines they reach.

Run by hand for as long as wanted, from the folder of the project::

    python tests/fuzz/readers.py -max_total_time=600

A reader that raises ends it, with the input in a file of its own beside where it was run. An
interesting input found on the way is kept in a folder when one is given as an argument.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["inventory.collectors", "inventory.discovery"]):
    from inventory.discovery.answers import FILES, questions_of
    from inventory.discovery.read import read_observations
    from inventory.model.collector import Answer, Collector, Example
    from inventory.model.fact import Reason, Unknown
    from inventory.registry import Registry

    # Each is loaded here, so that its lines are watched.
    COLLECTORS = Registry(
        package="inventory.collectors", attribute="COLLECTOR", kind=Collector
    ).all()

NAMES = sorted(COLLECTORS)
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
APART = b"\0==\0"
"""What parts the pieces of one input: the script's answer, then files and samples in turn."""
BOUNDARY = b"0123456789abcdef"


def one_reader(data: bytes) -> None:
    """Give one collector an answer made of the input; nothing that it raises is forgiven."""
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    collector = COLLECTORS[name].value
    text, *rest = (piece.decode("utf-8", "replace") for piece in data[1:].split(APART))
    paths = sorted({path for each in collector.examples for path in each.files})
    files = dict(zip(paths, rest, strict=False))
    samples = tuple(rest[len(files) :])
    collector.read(Answer(text=text, files=files, samples=samples, denied=frozenset(paths[:1])))


def whole_answer(data: bytes) -> None:
    """Frame the input as what a server said to one question, and as its files, and read it."""
    name = NAMES[data[0] % len(NAMES)] if data else NAMES[0]
    said = b"\nDECANT 1 " + BOUNDARY + b"\n"
    for question in (FILES, name):
        mark = b"\n@" + BOUNDARY
        said += mark + b" begin " + question.encode() + b"\n" + data[1:]
        said += mark + b" end " + question.encode() + b" 0\n"
    read_observations(
        said,
        {name: COLLECTORS[name]},
        source="fuzz",
        at=WHEN,
        run="fuzz",
        unfinished=Unknown(reason=Reason.UNREACHABLE),
    )


def both(data: bytes) -> None:
    """Try an input in both ways."""
    one_reader(data)
    whole_answer(data)


def seeds() -> list[bytes]:
    """Return the examples of every collector as inputs."""
    return [
        bytes([number]) + _input(example)
        for number, name in enumerate(NAMES)
        for example in COLLECTORS[name].value.examples
    ]


def _input(example: Example) -> bytes:
    pieces = (example.text, *(example.files[path] for path in sorted(example.files)))
    return APART.join(piece.encode() for piece in (*pieces, *example.samples))


def main() -> None:
    """Begin with the examples, then mutate."""
    assert questions_of({name: each.value for name, each in COLLECTORS.items()})
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
    if corpus:
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number:04}").write_bytes(seed)
    atheris.Setup(sys.argv, both)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
