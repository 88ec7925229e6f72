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
    collector = COLLECTORS[_name(data)].value
    text, *rest = (piece.decode("utf-8", "replace") for piece in data[1:].split(APART))
    paths = _paths(collector)
    files = dict(zip(paths, rest, strict=False))
    samples = tuple(rest[len(files) :])
    collector.read(Answer(text=text, files=files, samples=samples, denied=frozenset(paths[:1])))


def whole_answer(data: bytes) -> None:
    """Frame the input as what a server said to one question, and as its files, and read it.

    A reader's failure costs only its own keys there: it is ``one_reader`` that finds it.
    """
    name = _name(data)
    text, _, files = data[1:].partition(APART)
    said = b"\nDECANT 1 " + BOUNDARY + b"\n"
    for question, answer in ((FILES, files), (name, text)):
        mark = b"\n@" + BOUNDARY
        said += mark + b" begin " + question.encode() + b"\n" + answer
        said += mark + b" end " + question.encode() + b" 0\n"
    read_observations(
        said,
        {name: COLLECTORS[name]},
        source="fuzz",
        at=WHEN,
        run="fuzz",
        unfinished=Unknown(reason=Reason.UNREACHABLE),
    )


def either(data: bytes) -> None:
    """Try an input in the way that its first byte names."""
    if data:
        (whole_answer if data[0] // len(NAMES) % 2 else one_reader)(data)


def _name(data: bytes) -> str:
    return NAMES[data[0] % len(NAMES)]


def _paths(collector: Collector) -> list[str]:
    return sorted({path for each in collector.examples for path in each.files})


def seeds() -> list[bytes]:
    """Return the examples of every collector as inputs, in both ways."""
    told = [
        (number, COLLECTORS[name].value, example)
        for number, name in enumerate(NAMES)
        for example in COLLECTORS[name].value.examples
    ]
    return [
        *(bytes([number]) + _pieces(collector, each) for number, collector, each in told),
        *(bytes([number + len(NAMES)]) + _framed(each) for number, _, each in told),
    ]


def _pieces(collector: Collector, example: Example) -> bytes:
    files = (example.files.get(path, "") for path in _paths(collector))
    return APART.join(each.encode() for each in (example.text, *files, *example.samples))


def _framed(example: Example) -> bytes:
    """Return the answer, and the files as ``head`` writes them."""
    files = "".join(f"==> {path} <==\n{content}\n" for path, content in example.files.items())
    return APART.join((example.text.encode(), files.encode()))


def main() -> None:
    """Begin with the examples, then mutate."""
    assert questions_of({name: each.value for name, each in COLLECTORS.items()})
    assert 2 * len(NAMES) <= 256, "the first byte names the collector and the way"
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
    if corpus:
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number:04}").write_bytes(seed)
    atheris.Setup(sys.argv, either)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
