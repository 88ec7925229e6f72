"""Feed mutated exports to every importer, guided by which of its lines they reach.

Run by hand for as long as wanted, from the folder of the project::

    python tests/fuzz/importers.py -max_total_time=600 -rss_limit_mb=2048 -timeout=20

Whatever is raised but the error that people are told ends it, with the input in a file of its own
beside where it was run; so do an input that takes too long, and one that takes too much memory. An
interesting input found on the way is kept in a folder when one is given as an argument.

An input is one export: the first byte names the importer, what follows are its files, parted by
:data:`APART`, each with its name in its first line.
"""

from __future__ import annotations

import gzip
import io
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["inventory.importers", "inventory.reading"]):
    from inventory.errors import BadInputError
    from inventory.model.importer import CERTAIN, NO, Importer
    from inventory.reading.opening import open_files
    from inventory.registry import Registry

    # Each is loaded here, so that its lines are watched.
    IMPORTERS = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer).all()

NAMES = sorted(IMPORTERS)
APART = b"\0==\0"
"""What parts the files of one input."""
MOST_FILES = 8


def one_export(data: bytes) -> None:
    """Open what the input holds, let every importer look at it, and one read it."""
    if not data:
        return
    named = (piece.partition(b"\n") for piece in data[1:].split(APART)[:MOST_FILES])
    files = [(name.decode("utf-8", "replace")[:80] or "file", held) for name, _, held in named]
    try:
        export = open_files(files)
        for each in IMPORTERS.values():
            assert NO <= each.value.recognise(export) <= CERTAIN
        for _ in IMPORTERS[NAMES[data[0] % len(NAMES)]].value.read(export):
            pass
    except BadInputError:
        return


def seeds() -> list[bytes]:
    """Return the examples of every importer as inputs, and what is opened in other ways."""
    examples = [
        (number, example.files)
        for number, name in enumerate(NAMES)
        for example in IMPORTERS[name].value.examples
    ]
    return [
        *(_input(number, files) for number, files in examples),
        *(_input(number, ((name, content),)) for number, name, content in _packed(examples)),
    ]


Files = tuple[tuple[str, bytes], ...]


def _input(number: int, files: Files) -> bytes:
    return bytes([number]) + APART.join(name.encode() + b"\n" + held for name, held in files)


def _packed(examples: list[tuple[int, Files]]) -> Iterator[tuple[int, str, bytes]]:
    """Yield one export in each of the ways in which it may be packed, and other encodings."""
    number, files = next(each for each in examples if NAMES[each[0]] == "plain")
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    name, content = files[0]
    yield number, "a.zip", zipped.getvalue()
    yield number, "a.tar", tarred.getvalue()
    yield number, "a.csv.gz", gzip.compress(content)
    yield number, "a.csv", content.decode("utf-8", "replace").encode("utf-16")
    # Old formats are read by processes of their own, which nothing here can watch.
    for workbook in sorted((ROOT / "tests/fixtures/imports/workbooks").glob("*.xlsx")):
        yield number, workbook.name, workbook.read_bytes()


def main() -> None:
    """Begin with the examples, then mutate."""
    assert len(NAMES) <= 256, "the first byte names the importer"
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
    if corpus:
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (corpus / f"seed-{number:04}").write_bytes(seed)
    atheris.Setup(sys.argv, one_export)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
