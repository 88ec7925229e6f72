"""What a server says of its folders is read as it was meant, whatever files are called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sights import move, sight

from inventory.model.asking import Ending, Reply
from inventory.registry import Registry
from migrate.data.model import CannotTellError, LostError
from migrate.data.trees import Tree, look_at, read
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check)


def entry(*fields: str) -> bytes:
    """Return an entry as find says it."""
    return b"".join(each.encode() + b"\0" for each in fields)


AT = "1795444798.5"
FOLDER = entry("d", "755", "root", "root", "4096", AT, f"{AT} 11 2", "64769", "", "")
FILE = entry("f", "644", "root", "root", "5", AT, f"{AT} 12 1", "64769", "a b\\c", "")

# (format as documented: getfacl(1) of acl 2.3, getfattr(1) of attr 2.5; names with \ooo)
ACL = b"# file: ./a\\040b\\134c\n# owner: root\n# group: root\nuser::rw-\nuser:jo:r--\n\n"
ATTRIBUTE = b"# file: a\\040b\\134c\nuser.origin=0x6162\n\n"


def reply(stdout: bytes, stderr: bytes = b"", ending: Ending = Ending.FINISHED) -> Reply:
    """Return what a server said."""
    return Reply(stdout=stdout, stderr=stderr, exit_status=0, ending=ending, seconds=0)


def tree(acl: bytes = b"", attribute: bytes = b"") -> bytes:
    """Return the listing of a folder with one file."""
    listed = FOLDER + FILE + b"\0\0decant: listed\0" + acl + b"\0decant: acl\0" + attribute
    return listed + b"\0decant: xattr\0acl xattr"


def looked(said: bytes) -> Tree:
    """Read a listing."""
    return look_at(lambda _script, _seconds: reply(said), "/srv", 1)


def test_access_lists_and_attributes_belong_to_their_files() -> None:
    """An access list or an attribute makes a file unlike one without; escaped names are read."""
    plain = looked(tree()).entries[b"a b\\c"].extra
    listed = looked(tree(ACL)).entries[b"a b\\c"].extra
    both = looked(tree(ACL, ATTRIBUTE)).entries[b"a b\\c"].extra
    assert len({plain, listed, both}) == 3
    assert looked(tree()).tools == {"acl", "xattr"}


def test_files_on_another_file_system_are_not_passed_over() -> None:
    """What is mounted below a folder was not listed, so it is unknown."""
    mounted = tree().replace(b"64769\0" + b"a b", b"64770\0" + b"a b")
    result = run(reply(mounted))
    assert result.outcome is Outcome.UNKNOWN
    assert "a b\\c is another file system on the old server" in result.detail


def test_what_could_not_be_looked_at_is_unknown() -> None:
    """When find was refused a folder, it is unknown, in the server's own words."""
    result = run(reply(tree(), b"find: './locked': Permission denied\n"))
    assert result.outcome is Outcome.UNKNOWN
    assert "find: './locked': Permission denied (old server)" in result.detail


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (reply(b"", b"find: bad -printf\n"), CannotTellError),
        (reply(FOLDER + FILE), CannotTellError),
        (reply(tree()[:-9], ending=Ending.CUT), LostError),
        (reply(tree(), ending=Ending.TIMED_OUT), LostError),
        (reply(tree(), ending=Ending.TOO_LARGE), CannotTellError),
    ],
)
def test_half_a_listing_is_none(said: Reply, error: type[Exception]) -> None:
    """A listing that is not whole is never taken for one."""
    with pytest.raises(error):
        look_at(lambda _script, _seconds: said, "/srv", 1)


def test_names_with_escapes_are_read_from_sha256sum() -> None:
    """A line that begins with a backslash holds an escaped name, as GNU coreutils write it."""
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    line = f"\\{digest}  ./a\\nb\\\\c\n".encode()
    hashes = read(lambda _s, _t: reply(line + b"decant: hashed\n"), "/srv", [b"a\nb\\c"], 1)
    assert dict(hashes.found) == {b"a\nb\\c": digest}
    with pytest.raises(CannotTellError):
        read(lambda _s, _t: reply(line), "/srv", [b"a\nb\\c"], 1)


def run(said: Reply) -> CheckResult:
    """Run the check where both servers say the same whenever they list, and hash nothing."""
    seen = replace(
        sight(),
        move=move(),
        ask=lambda *_given, **_limits: said,
    )
    return CHECK.one("files-data").value.run(seen, {"folders": [{"old": "/srv"}]})
