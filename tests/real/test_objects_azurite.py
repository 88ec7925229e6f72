"""Folders and buckets are compared with containers of a real Azurite, by the real pipeline."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from azurite import AUDIENCE, NEW, OLD, token
from azurite_blobs import Blobs
from cutting import cutting

from inventory.errors import PartlyUnknownError, RefusedError
from inventory.model.cloud_calls import Provider, Purpose
from migrate.clouds.azblob import BlobService
from migrate.clouds.declared import declared_for
from migrate.clouds.objects_azblob import CALLS
from migrate.clouds.permissions_azure import role
from migrate.model.evidence import Outcome

pytestmark = pytest.mark.azurite

NAMES = {
    "plain.txt": b"hello",
    "deep/er/ü %s.bin": bytes(range(256)),
    "100%25 + é?#&=;.txt": b"percent",
    " led by a space": b"space",
    "a/b": b"slash",
    "<x> & 'y' \"z\"": b"marks",
    "empty": b"",
}
FOLDER = {"x-ms-meta-hdi_isfolder": "true"}
"""What marks a folder of a hierarchical namespace (format as documented: List Blobs)."""
READS = "microsoft.storage/storageaccounts/blobservices/containers/blobs/read"


def copied(blobs: Blobs, *to: str) -> None:
    """Write files, and put the same into one container or both."""
    for name, content in NAMES.items():
        blobs.write(name, content)
        for account in to or (NEW,):
            blobs.put(name, content, to=account)


def test_a_true_copy_passes_and_is_remembered(blobs: Blobs) -> None:
    """Whatever names hold; the next run asks for listings alone, and reads nothing."""
    copied(blobs)
    result = blobs.run()
    assert result.outcome is Outcome.PASSED, result.detail
    size = sum(len(each) for each in NAMES.values())
    assert f"holds the {len(NAMES)} files of {blobs.folder}, {size} bytes" in result.detail
    assert blobs.hashed
    assert blobs.run().observed["remembered"] == len(NAMES)
    assert not blobs.hashed
    assert [row[1:] for row in blobs.looks[-1].tally.rows()] == [("GET blobs", 2)]


def test_each_difference_is_named(blobs: Blobs) -> None:
    """What is missing, additional, longer or other in content is named by its key."""
    copied(blobs)
    blobs.azurite.delete(NEW, f"{blobs.container}/data/empty")
    blobs.put("extra", b"x")
    blobs.put("plain.txt", b"hallo")
    blobs.put("deep/er/ü %s.bin", b"short")
    result = blobs.run()
    assert result.outcome is Outcome.FAILED
    for words in (
        "empty is missing",
        "extra is not in the old one",
        "plain.txt holds something else",
        "deep/er/ü %s.bin has 5 bytes, not 256",
    ):
        assert words in result.detail


def test_an_uploaders_md5_proves_nothing(blobs: Blobs) -> None:
    """Put in blocks, a blob keeps the MD5 of the source though it holds something else.

    AzCopy's --put-md5 says the MD5 of the file that it read; Azure never compares it.
    """
    copied(blobs)
    good, bad = b"a" * 5000, b"a" * 4999 + b"b"
    blobs.write("big", good)
    blobs.put_in_blocks("big", bad[:3000], bad[3000:], md5=hashlib.md5(good).digest())  # noqa: S324 - what Azure keeps
    result = blobs.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "big: it was put there in blocks" in result.detail
    result = blobs.run(read_back=True)
    assert result.outcome is Outcome.FAILED
    assert "big holds something else" in result.detail
    blobs.put_in_blocks("big", good[:3000], good[3000:])
    result = blobs.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "big: Azure keeps no MD5 of it" in result.detail
    assert blobs.run(read_back=True).outcome is Outcome.PASSED


def test_what_is_stored_is_compared_not_what_it_unpacks_to(blobs: Blobs) -> None:
    """A blob that says it is gzip is read as it is stored."""
    content = gzip.compress(b"hello" * 1000)
    blobs.write("page.html", content)
    blobs.azurite.put_in_blocks(NEW, f"{blobs.container}/data/page.html", content)
    blobs.azurite.set_encoding(NEW, f"{blobs.container}/data/page.html", "gzip")
    result = blobs.run(read_back=True)
    assert result.outcome is Outcome.PASSED, result.detail


def test_only_blobs_as_they_are_now_count(blobs: Blobs) -> None:
    """Marks of folders and snapshots are none of the files; a file that seems to be a mark is."""
    copied(blobs)
    blobs.put("deep", b"", **FOLDER)
    blobs.put("deep/", b"")
    blobs.put("gone", b"was here once")
    blobs.azurite.snapshot(NEW, f"{blobs.container}/data/gone")
    blobs.azurite.snapshot(NEW, f"{blobs.container}/data/plain.txt")
    blobs.put("plain.txt", NAMES["plain.txt"])
    result = blobs.run()
    assert result.outcome is Outcome.FAILED
    assert result.observed["first"] == [["gone", "is not in the old one"]]
    blobs.azurite.delete(NEW, f"{blobs.container}/data/gone")
    assert blobs.run().outcome is Outcome.PASSED
    blobs.put("folder", b"not empty", **FOLDER)
    assert "folder is not in the old one" in blobs.run().detail


def test_what_is_beside_the_prefix_does_not_count(blobs: Blobs) -> None:
    """Neither a longer name that begins so, nor another container."""
    copied(blobs)
    blobs.azurite.put(NEW, f"{blobs.container}/database", b"x")
    blobs.azurite.put(NEW, f"{blobs.container}/data", b"x")
    assert blobs.run().outcome is Outcome.PASSED


def test_listings_are_read_to_their_end(blobs: Blobs) -> None:
    """Azure tells 5,000 blobs a page: what is behind that is there, too."""
    names = [f"{each:05}" for each in range(5002)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: blobs.put(name, b"x"), names))
    assert sorted(blobs.look().objects(blobs.new).listed()) == names
    assert [row[1:] for row in blobs.looks[-1].tally.rows()] == [("GET blobs", 2)]


def test_two_containers_are_compared(blobs: Blobs) -> None:
    """Of two accounts: the same passes and is remembered; what differs is named."""
    copied(blobs, OLD, NEW)
    result = blobs.run(old_bucket=blobs.old)
    assert result.outcome is Outcome.PASSED, result.detail
    assert f"holds the {len(NAMES)} files of {blobs.old}" in result.detail
    assert blobs.run(old_bucket=blobs.old).observed["remembered"] == len(NAMES)
    blobs.put("plain.txt", b"hallo")
    blobs.put("left.tmp", b"x", to=OLD)
    blobs.put("missing", b"x", to=OLD)
    result = blobs.run(old_bucket=blobs.old, ignore=["*.tmp"])
    assert result.outcome is Outcome.FAILED
    assert result.observed["first"] == [
        ["missing", "is missing"],
        ["plain.txt", "holds something else"],
    ]


def test_of_two_containers_only_what_must_be_is_read(blobs: Blobs) -> None:
    """Without a checksum on one side that side alone is read; without any, both are."""
    for name, sides in {"one": (NEW,), "other": (OLD,), "both": (OLD, NEW)}.items():
        for account in (OLD, NEW):
            put = blobs.put_in_blocks if account in sides else blobs.put
            put(name, b"hello", to=account)
    result = blobs.run(old_bucket=blobs.old)
    assert result.outcome is Outcome.UNKNOWN
    assert len(result.observed["untold"]) == 3
    result = blobs.run(old_bucket=blobs.old, read_back=True)
    assert result.outcome is Outcome.PASSED, result.detail
    read = {row[0]: row[2] for row in blobs.looks[-1].tally.rows() if row[1] == "GET blob"}
    assert read == {OLD: 2, NEW: 2}


def test_a_container_is_not_its_own_copy(blobs: Blobs) -> None:
    """The same container named twice, or nothing in the old one, proves nothing."""
    copied(blobs)
    result = blobs.run(old_bucket=f"{blobs.new}/")
    assert result.outcome is Outcome.UNKNOWN
    assert "as the old bucket and as the new one" in result.detail
    empty = f"azblob://{OLD}/{blobs.container}/none"
    result = blobs.run(old_bucket=empty, bucket=f"azblob://{NEW}/{blobs.container}/none")
    assert result.outcome is Outcome.UNKNOWN
    assert "nothing" in result.detail


def test_a_comparison_that_ran_out_of_time_is_unknown_and_carries_on(blobs: Blobs) -> None:
    """What was proved before is not asked for again."""
    copied(blobs, OLD, NEW)
    result = blobs.run(old_bucket=blobs.old, minutes=0.0000001)
    assert result.outcome is Outcome.UNKNOWN
    assert "the time allowed is over" in result.detail
    assert blobs.run(old_bucket=blobs.old).outcome is Outcome.PASSED


BAD: dict[str, Callable[[str], str]] = {
    "another issuer": lambda scope: token(scope, issuer="https://login.example/"),
    "another audience": lambda _: token("https://management.azure.com"),
    "expired": lambda scope: token(scope, life_seconds=-5),
    "no token at all": lambda _: "opaque",
}


@pytest.mark.parametrize("kind", BAD)
def test_a_token_that_does_not_count_is_unknown(blobs: Blobs, kind: str) -> None:
    """With Azure's word, and what the credential would need."""
    copied(blobs)
    blobs.arm.tokens.make = BAD[kind]
    result = blobs.run()
    assert result.outcome is Outcome.UNKNOWN
    assert "403 AuthenticationFailed" in result.detail
    assert "Storage Blob Data Reader" in result.detail


def test_tokens_are_asked_for_storage_alone(blobs: Blobs) -> None:
    """Not for Resource Manager, whose tokens could do far more."""
    scopes: list[str] = []

    def make(scope: str) -> str:
        scopes.append(scope)
        return token(scope)

    copied(blobs)
    blobs.arm.tokens.make = make
    assert blobs.run().outcome is Outcome.PASSED
    assert {each.split()[0] for each in scopes} == {f"{AUDIENCE}/.default"}


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("azblob://newcouncil/no-such-container", "404 ContainerNotFound"),
        ("azblob://nocouncil/container", "404 ResourceNotFound"),
    ],
)
def test_a_container_that_is_not_there_is_unknown(blobs: Blobs, address: str, words: str) -> None:
    """It is not taken for an empty one, whichever side it is."""
    copied(blobs, OLD, NEW)
    for given in ({"bucket": address}, {"bucket": address, "old_bucket": blobs.old}):
        result = blobs.run(**given)
        assert result.outcome is Outcome.UNKNOWN
        assert words in result.detail
        assert "check the names of account and container" in result.detail
    assert words in blobs.run(old_bucket=address).detail


def test_a_connection_that_is_cut_is_unknown(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of a blob that is read, half of it is not taken for all of it."""
    content = bytes(3 << 20)
    blobs.write("big", content)
    blobs.put_in_blocks("big", content)
    with cutting(blobs.azurite.port, after_bytes=1 << 20) as port:
        monkeypatch.setenv("DECANT_AZBLOB_ENDPOINT", f"https://127.0.0.1:{port}/{{account}}")
        result = blobs.run(read_back=True)
        store = blobs.look().objects(blobs.new)
        with pytest.raises(PartlyUnknownError, match="cannot be read"):
            store.read_whole("big")
    assert result.outcome is Outcome.UNKNOWN
    assert "big: azblob://" in result.detail
    result = blobs.run()  # nobody listens there any more
    assert result.outcome is Outcome.UNKNOWN
    assert "check the account's name, and the network" in result.detail


def test_a_blob_without_an_address_is_unknown(blobs: Blobs) -> None:
    """What speaks HTTP would ask for another one: ``a/../b`` is ``b``."""
    store = replace(blobs.look().objects(blobs.new), prefix="")
    with pytest.raises(PartlyUnknownError, match="no address can hold"):
        store.read_whole("a/../b")


def test_nothing_is_written(blobs: Blobs) -> None:
    """Whatever is compared, Azurite is sent nothing but GET; what is not declared is not sent."""
    copied(blobs, OLD, NEW)
    blobs.put_in_blocks("big", b"x")
    before = len(blobs.azurite.asked())
    blobs.run(read_back=True)
    blobs.run(old_bucket=blobs.old, read_back=True)
    sent = blobs.azurite.asked()[before:]
    assert len(sent) > len(NAMES)
    assert {each.split()[0] for each in sent} == {"GET"}
    with BlobService(settings=blobs.settings, account=NEW, calls=CALLS) as service:
        for method, query in (
            ("PUT", {}),
            ("DELETE", {}),
            ("PUT", {"comp": "metadata"}),
            ("GET", {"comp": "tags"}),
            ("HEAD", {}),
        ):
            with pytest.raises(RefusedError, match="nothing here declares"):
                service.ask(method, f"{blobs.container}/data/plain.txt", query=query)
    assert blobs.azurite.asked()[before:] == sent


def test_the_role_that_is_printed_allows_it() -> None:
    """As a data action: the right to read Resource Manager alone opens no blob."""
    made = role(declared_for(Provider.AZURE, Purpose.LOOK), Purpose.LOOK, ())
    assert READS in {each.lower() for each in made["DataActions"]}
    assert not [each for each in made["DataActions"] if not each.lower().endswith("/read")]
