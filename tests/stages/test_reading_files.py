"""Paths, archives, JSON and XML are opened safely."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.reading.export import Kind
from inventory.reading.opening import open_export, open_files

TABLE = b"Name,CPUs\nweb,4\n"


def zipped(*files: tuple[str, bytes]) -> bytes:
    """Return a zip archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def tarred(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> bytes:
    """Return a tar archive."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode=mode) as archive:  # type: ignore[call-overload]
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return held.getvalue()


def names(content: bytes, name: str = "a.zip") -> list[str]:
    """Return the names of the files in an archive."""
    return [each.name for each in open_files([(name, content)]).files]


def read_all(name: str, content: bytes) -> None:
    """Read all lines of all files of an export."""
    for file in open_files([(name, content)]).files:
        for _ in file.lines():
            pass


def documents(content: bytes) -> list[object]:
    """Return the JSON documents of a file."""
    (file,) = open_files([("a.json", content)]).files
    return list(file.documents())


def test_a_folder_is_its_files_by_their_places_in_it(tmp_path: Path) -> None:
    """In order, with those of its folders, without hidden ones and what systems leave about."""
    for name in ("b.csv", "a.csv", "sub/c.csv", ".git/config", "Thumbs.db", "~$open.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(TABLE)
    files = open_export([tmp_path]).files
    assert [each.name for each in files] == ["a.csv", "b.csv", "sub/c.csv"]
    (alone,) = open_export([tmp_path / "sub" / "c.csv"]).files
    assert alone.name == "c.csv"


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    """Pipes, devices, what is missing, what leads nowhere, standard input."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("pipe", "missing", "nowhere", "loop"):
        with pytest.raises(BadInputError, match=name):
            open_export([tmp_path / name])
    with pytest.raises(BadInputError, match="/dev/zero: it is neither"):
        open_export([Path("/dev/zero")])
    with pytest.raises(BadInputError, match="not read from a pipe"):
        open_export([Path("-")])


def test_a_link_that_is_named_is_followed_and_one_that_is_found_is_not(tmp_path: Path) -> None:
    """Whoever names a link means what it leads to; one in a folder may lead anywhere."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "real.csv").write_bytes(TABLE)
    (tmp_path / "folder" / "latest.csv").symlink_to(tmp_path / "real.csv")
    assert next(iter(open_export([tmp_path / "folder" / "latest.csv"]).tables())).header
    with pytest.raises(BadInputError, match="it is a link"):
        open_export([tmp_path / "folder"])


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """There is nothing to import, and that is said."""
    with pytest.raises(BadInputError, match="no file"):
        open_export([tmp_path])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zlib.compress])
def test_a_packed_file_is_what_it_packs(pack: object) -> None:
    """With gzip, bzip2, xz and zlib, as OCS does."""
    assert callable(pack)
    (file,) = open_files([("servers.csv.gz", pack(TABLE))]).files
    (table,) = file.tables()
    assert (file.name, file.kind, table.header) == ("servers.csv", Kind.DELIMITED, ("Name", "CPUs"))


def test_members_of_archives_are_files_by_their_content() -> None:
    """Of zip and tar, and of an archive within one; what macOS adds is passed over."""
    inner = zipped(("in.csv", TABLE))
    content = zipped(("x/a.csv", TABLE), ("__MACOSX/._a", b"x"), ("b.zip", inner), ("empty/", b""))
    assert names(content) == ["a.zip/x/a.csv", "a.zip/b.zip/in.csv"]
    tar = tarred((tarfile.TarInfo("./x/a.csv"), TABLE), (tarfile.TarInfo("b.json"), b"{}"))
    files = open_files([("facts.tgz", tar)]).files
    assert [each.kind for each in files] == [Kind.DELIMITED, Kind.JSON]
    assert list(next(files[0].tables()).read()) == [(2, ("web", "4"))]


def test_archives_are_nested_once_and_no_deeper() -> None:
    """What unpacks itself for ever is refused."""
    content = zipped(("a.csv", TABLE))
    for _ in range(3):
        content = zipped(("next.zip", content))
    with pytest.raises(BadInputError, match="nested too deeply"):
        names(content)
    packed = TABLE
    for _ in range(6):
        packed = gzip.compress(packed)
    with pytest.raises(BadInputError, match="nested too deeply"):
        names(packed, "a.gz")


@pytest.mark.parametrize(
    "name", ["../up.csv", "/etc/cron.d/x", "C:\\x.csv", "\\\\server\\x", "a/../../b", "..\\up.csv"]
)
def test_members_that_would_lie_elsewhere_are_refused(name: str) -> None:
    """Nothing is ever written under a member's name, and such an archive is no export."""
    with pytest.raises(BadInputError, match="outside the archive"):
        names(zipped((name, TABLE)))
    with pytest.raises(BadInputError, match="outside the archive"):
        names(tarred((tarfile.TarInfo(name), TABLE)), "a.tar.gz")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_archives_are_refused(kind: bytes) -> None:
    """An export is made of files."""
    info = tarfile.TarInfo("link")
    info.type, info.linkname = kind, "/etc/shadow"
    with pytest.raises(BadInputError, match="link"):
        names(tarred((info, b"")), "a.tar.gz")


def test_links_in_zip_archives_are_refused() -> None:
    """As Info-ZIP keeps them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/shadow")
    with pytest.raises(BadInputError, match="it is a link"):
        names(held.getvalue())


def test_bombs_are_refused_before_they_fill_anything() -> None:
    """By the sizes that an archive lists, or by counting where it lists none."""
    zeros = b"\0" * (40 << 20)
    for name, bomb in (
        ("a.zip", zipped(("a", zeros))),
        ("a.gz", gzip.compress(zeros)),
        ("a.ocs", zlib.compress(zeros)),
    ):
        with pytest.raises(BadInputError, match="unpacks to far more"):
            read_all(name, bomb)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(TABLE * 9)[:-9],
        zlib.compress(TABLE * 9)[:-9],
        zipped(("a.csv", TABLE))[:-30],
        b"PK\3\4",
    ],
    ids=["gzip", "zlib", "zip", "the beginning of a zip"],
)
def test_an_archive_that_is_cut_is_an_error_which_names_it(content: bytes) -> None:
    """Not a shorter export."""
    with pytest.raises(BadInputError, match="half"):
        read_all("half.zip", content)


def test_an_archive_with_a_password_is_named_as_that() -> None:
    """And what to do about it."""
    content = bytearray(zipped(("a.csv", TABLE)))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(BadInputError, match="encrypted"):
        names(bytes(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a": 1}', [{"a": 1}]),
        (b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n\n{"a": 3}', [{"a": 1}, {"a": 2}, {"a": 3}]),
        (b'{\n "a": 1\n}\n{\n "a": 2\n}', [{"a": 1}, {"a": 2}]),
        (b'[{"a": 1}]', [[{"a": 1}]]),
        ('{"a": "ü"}'.encode("utf-16"), [{"a": "ü"}]),
        (b'{"a": NaN, "b": -Infinity, "c": 1e999}', [{"a": None, "b": None, "c": None}]),
        (b'{"a": 1, "a": 1}', [{"a": 1}]),
    ],
)
def test_json_is_one_document_or_several(content: bytes, expected: object) -> None:
    """On lines of their own or one after the other; what is no number is null."""
    (file,) = open_files([("a.json", content)]).files
    assert file.kind is Kind.JSON
    assert list(file.documents()) == expected


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[" * 100_000, "nested too deeply|no JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "a.json"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"a": 1}\n{"a": ', "line 2"),
        (b'{\n"a": [1,\n 2', "line 3"),
        (b"", "empty"),
    ],
)
def test_json_that_cannot_be_read_is_an_error_which_names_the_place(
    content: bytes, says: str
) -> None:
    """However deep it is, and however large its numbers."""
    with pytest.raises(BadInputError, match=says):
        documents(content)


def test_json_lines_are_read_one_by_one() -> None:
    """So that a file of any length needs little memory."""
    (file,) = open_files([("a.json", b'{"a": 1}\n' * 1000 + b"oops")]).files
    told = file.documents()
    assert [next(told) for _ in range(1000)] == [{"a": 1}] * 1000
    with pytest.raises(BadInputError, match="line 1001"):
        next(told)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"[web]\nweb-1\n", Kind.TEXT),
        (b"[10.0.0.1]\n", Kind.TEXT),
        (b"all:\n  hosts:\n    web-1:\n", Kind.TEXT),
        (b"Host Name:  WEB-1\nOS Name:  Windows, Standard\nHotfix(s): 2\n", Kind.TEXT),
        (b"Dear all, here it is.\nBest, me\n\nP.S. none\nAt all\nToday\n", Kind.TEXT),
        (b'web-1 | SUCCESS => {\n    "ansible_facts": {}\n}\n', Kind.TEXT),
        (b"[]", Kind.JSON),
        (b' [ {"a": 1}]', Kind.JSON),
        (b"\n<?xml version='1.0'?><a/>", Kind.XML),
        (b"<REQUEST><CONTENT/></REQUEST>", Kind.XML),
        (b"<html><body>Sign in</body></html>", Kind.TEXT),
        (b"Name,IP\nweb,10.0.0.1\n", Kind.DELIMITED),
        (b"", Kind.TEXT),
    ],
)
def test_what_a_file_is_is_told_by_its_content(content: bytes, kind: Kind) -> None:
    """Whatever it is called."""
    (file,) = open_files([("export.dat", content)]).files
    assert file.kind is kind


def test_elements_come_as_they_end() -> None:
    """Without namespaces; inner ones first, and still within the outer; with texts and tails."""
    content = (
        b'<?xml version="1.0"?><!DOCTYPE run SYSTEM "run.dtd"><?style x?><n:run xmlns:n="urn:x">'
        b"<host a='1'><n:os>A<b/>B</n:os><host a='2'/></host><other><os>C</os></other></n:run>"
    )
    (file,) = open_files([("a.xml", content)]).files
    assert (file.kind, file.root_tag) == (Kind.XML, "run")
    told = list(file.elements("host", "os"))
    assert [each.tag for each in told] == ["os", "host", "host", "os"]
    assert told[0].text == "A"
    assert told[0][0].tail == "B"
    assert [child.tag for child in told[2]] == ["os", "host"]
    assert told[3].text == "C"


@pytest.mark.parametrize(
    "content",
    [
        "<?xml version='1.0' encoding='UTF-8'?>\n<a><b>ü</b></a>".encode(),
        "<?xml version='1.0' encoding='iso-8859-1'?><a><b>ü</b></a>".encode("latin-1"),
        "<?xml version='1.0' encoding='windows-1252'?><a><b>ü</b></a>".encode("cp1252"),
        "<?xml version='1.0' encoding='UTF-8'?><a><b>ü</b></a>".encode("utf-16"),
        "<?xml version='1.0' encoding='UTF-16'?><a><b>ü</b></a>".encode("utf-16-le"),
        "\r\n <?xml version='1.0'?><a><b>ü</b></a>".encode("cp1252"),
        "<?xml version='1.0' encoding='GB2312'?><a><b>ü</b></a>".encode("gb2312"),
    ],
)
def test_xml_is_read_in_its_encoding_or_in_the_one_that_it_claims(content: bytes) -> None:
    """As consoles redirect it, with a declaration that is no longer true."""
    (file,) = open_files([("a.xml", content)]).files
    assert [each.text for each in file.elements("b")] == ["ü"]


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!DOCTYPE r [<!ENTITY a0 "ha">{LAUGHS}]>',
        '<!DOCTYPE r [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY a11 SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_entities_are_refused(declared: str) -> None:
    """Those that laugh a billion times, and those that fetch."""
    (file,) = open_files([("a.xml", f"{declared}<r><b>&a11;</b></r>".encode())]).files
    assert file.kind is Kind.XML
    with pytest.raises(BadInputError, match=r"a.xml.*entities"):
        list(file.elements("b"))


def test_xml_that_is_cut_or_too_deep_is_an_error_which_names_it() -> None:
    """A file that is still being written does not pass for a whole one."""
    for content, says in (
        (b"<a><b/><c>", "no XML"),
        (b"<a>" * 10_000 + b"</a>" * 10_000, "nested deeper"),
        (b"<a><b>\x01</b></a>", "no XML"),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", "x-none"),
        (b"<?xml version='1.0' encoding='punycode'?><a/>", "encoding that is not known"),
    ):
        (file,) = open_files([("a.xml", content)]).files
        with pytest.raises(BadInputError, match=f"a.xml.*({says})"):
            list(file.elements("b"))


def test_a_long_file_of_elements_needs_little_memory() -> None:
    """Only one is held at a time."""
    content = b"<a>" + b"<x><y>text</y></x><b c='1'>t</b>" * 20_000 + b"</a>"
    (file,) = open_files([("a.xml", content)]).files
    told = file.elements("b")
    first = next(told)
    assert sys.getrefcount(first) < 6
    assert sum(1 for _ in told) == 19_999


def test_text_is_given_whole_with_plain_ends_of_lines() -> None:
    """For what is neither a table nor a tree."""
    (file,) = open_files([("a.txt", "ä\r\nb\n".encode("cp1252"))]).files
    assert file.text() == "ä\nb\n"
    assert list(file.lines()) == ["ä", "b"]
    assert list(file.tables()) == []
    assert file.root_tag == ""


def test_a_document_is_what_json_says() -> None:
    """The same as the standard library reads."""
    content = json.dumps({"a": [1, 2.5, "x", None, True], "ü": {"b": "\ud83d"}}).encode()
    assert documents(content) == [json.loads(content)]
