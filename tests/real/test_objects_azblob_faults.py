"""What Azure's blob storage may say beside the truth is never taken for an empty container.

Answers are in the shapes of List Blobs and Get Block List (format as documented).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clouds import BRIEF, azure_settings

from inventory.errors import PartlyUnknownError
from inventory.model.cloud_settings import AwsSettings
from migrate.clouds.look import open_clouds
from migrate.clouds.objects_azblob import BlobObjects
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Fault, busy, refusal, throttled
from migrate.model.objects import Checksums

MD5 = "XUFAKrxLKna5cZ2REBfFkg=="
"""Of ``hello``, as Azure writes it."""
BLOCK = "<Etag>0x8D</Etag><Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType>"


def blob(name: str, properties: str = BLOCK, rest: str = "") -> str:
    """Return one blob of a listing."""
    return f"<Blob><Name>{name}</Name><Properties>{properties}</Properties>{rest}</Blob>"


def page(*blobs: str, marker: str = "", start: str = "") -> bytes:
    """Return a page of a listing."""
    return (
        f"{start}<?xml version='1.0' encoding='utf-8'?><EnumerationResults>"
        f"<Blobs>{''.join(blobs)}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"
    ).encode()


def denied(code: str) -> Fault:
    """Return a refusal as storage words it."""
    return Fault(answer=refusal(403, code, "Not authorised.", x_ms_error_code=code))


@pytest.fixture
def arm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackArm]:
    """Return a loopback Azure, which stands for blob storage, too."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DECANT_AZBLOB_ENDPOINT", f"{running.url}/{{account}}")
        yield running


@pytest.fixture
def store(arm: LoopbackArm) -> Iterator[BlobObjects]:
    """Return a container of it, as checks look at it."""
    patience = replace(BRIEF, longest_pause_seconds=0.5)
    look = open_clouds(AwsSettings(), azure_settings(arm, patience))
    found = look.objects("azblob://acc/docs")
    assert isinstance(found, BlobObjects)
    yield found
    look.close()


def say(arm: LoopbackArm, *pages: bytes) -> None:
    """Let the next answers be these."""
    for each in pages:
        arm.misbehave(Fault(garbage=each), times=1)


FAULTS = {
    "denied": (denied("AuthorizationPermissionMismatch"), "Storage Blob Data Reader"),
    "behind a firewall": (denied("AuthorizationFailure"), "firewall must let this computer in"),
    "throttled": (throttled(30), "429"),
    "busy": (busy(), "503"),
    "cut": (Fault(cut=True), "the network"),
    "slow": (Fault(delay_seconds=3), "the network"),
    "a proxy's page": (Fault(garbage=b"<html><body>Sign in</body></html>"), "something else"),
    "no XML": (Fault(garbage=b"Sign in"), "XML is invalid"),
    "JSON": (Fault(garbage=b"{}"), "something else"),
    "nothing": (Fault(garbage=b""), "something else"),
    "no text": (Fault(garbage=b"\xff\xfe<"), "no text"),
    "half a page": (Fault(garbage=page(blob("a"))[:-40]), "XML is invalid"),
    "a listing of containers": (
        Fault(garbage=b"<EnumerationResults><Containers/></EnumerationResults>"),
        "without its blobs",
    ),
    "no size": (Fault(garbage=page(blob("a", "<Etag>0x8D</Etag>"))), "without its size"),
    "a page without end": (Fault(garbage=page(blob("a"), marker="again")), "has no end"),
    "no name": (Fault(garbage=page(blob("a"), blob(""))), "without its name"),
    "no properties": (Fault(garbage=page("<Blob><Name>a</Name></Blob>")), "without its size"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_is_no_listing_is_unknown(arm: LoopbackArm, store: BlobObjects, kind: str) -> None:
    """With the reason, or what may help; never as a container without blobs."""
    fault, words = FAULTS[kind]
    arm.misbehave(fault)
    with pytest.raises(PartlyUnknownError) as refusal:
        store.listed()
    assert words in f"{refusal.value} {refusal.value.hint}"
    assert "azblob://acc/docs/ cannot be read" in str(refusal.value)


@pytest.mark.parametrize("kind", [each for each in FAULTS if each != "a page without end"])
def test_a_fault_behind_the_first_page_is_unknown(
    arm: LoopbackArm, store: BlobObjects, kind: str
) -> None:
    """Half a listing is none."""
    say(arm, page(blob("a"), marker="more"))
    arm.misbehave(FAULTS[kind][0])
    with pytest.raises(PartlyUnknownError, match="cannot be read"):
        store.listed()


@pytest.mark.parametrize(
    "fault",
    [
        denied("AuthorizationPermissionMismatch"),
        Fault(cut=True),
        Fault(garbage=b"<html/>"),
        Fault(garbage=b""),
        Fault(garbage=page()),
    ],
)
def test_what_is_no_list_of_blocks_is_unknown(
    arm: LoopbackArm, store: BlobObjects, fault: Fault
) -> None:
    """An MD5 counts only when Azure said that there are no blocks."""
    say(arm, page(blob("a", f"{BLOCK}<Content-MD5>{MD5}</Content-MD5>")))
    assert store.listed()
    arm.misbehave(fault)
    with pytest.raises(PartlyUnknownError, match="cannot be read"):
        store.checksums(["a"])


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ("<CommittedBlocks/>", Checksums(md5="5d41402abc4b2a76b9719d911017c592")),
        ("<CommittedBlocks><Block><Name>MA==</Name></Block></CommittedBlocks>", None),
    ],
)
def test_only_an_md5_that_azure_calculated_counts(
    arm: LoopbackArm, store: BlobObjects, blocks: str, told: Checksums | None
) -> None:
    """That of a blob without blocks."""
    say(arm, page(blob("a", f"{BLOCK}<Content-MD5>{MD5}</Content-MD5>")))
    store.listed()
    say(arm, f"<?xml version='1.0'?><BlockList>{blocks}</BlockList>".encode())
    seen = store.checksums(["a"])["a"]
    assert (seen if told else (seen.sha256, seen.md5)) == (told or (None, None))
    assert bool(seen.why_none) is (told is None)


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        (BLOCK, "no MD5"),
        (f"{BLOCK}<Content-MD5/>", "no MD5"),
        (f"{BLOCK}<Content-MD5>aGVsbG8=</Content-MD5>", "no MD5"),
        (f"{BLOCK}<Content-MD5>%%%</Content-MD5>", "no MD5"),
        (BLOCK.replace("Block", "Page") + f"<Content-MD5>{MD5}</Content-MD5>", "PageBlob"),
        (BLOCK.replace("Block", "Append") + f"<Content-MD5>{MD5}</Content-MD5>", "AppendBlob"),
        (
            f"<Etag>0x8D</Etag><Content-Length>5</Content-Length><Content-MD5>{MD5}</Content-MD5>",
            "no kind",
        ),
    ],
)
def test_of_other_blobs_no_checksum_is_known(
    arm: LoopbackArm, store: BlobObjects, properties: str, why: str
) -> None:
    """An MD5 of a blob that can be written to in place may be older than what it holds."""
    say(arm, page(blob("a", properties)))
    store.listed()
    seen = store.checksums(["a"])["a"]
    assert (seen.sha256, seen.md5) == (None, None)
    assert why in seen.why_none


def test_names_are_read_as_azure_writes_them(arm: LoopbackArm, store: BlobObjects) -> None:
    """With a byte order mark before the page; what XML cannot hold is encoded, and said to be."""
    odd = f"<Blob><Name Encoded='true'>a%EF%BF%BE%25</Name><Properties>{BLOCK}</Properties></Blob>"
    say(arm, page(odd, blob("b%25 &amp; c"), start="\ufeff"))
    assert set(store.listed()) == {"a\ufffe%", "b%25 & c"}


@pytest.mark.parametrize(
    ("mark", "is_file"),
    [
        (blob("f", BLOCK.replace(">5<", ">0<") + "<ResourceType>directory</ResourceType>"), False),
        (blob("f", BLOCK.replace(">5<", ">0<") + "<ResourceType>file</ResourceType>"), True),
        (
            blob(
                "f",
                BLOCK.replace(">5<", ">0<"),
                "<Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>",
            ),
            False,
        ),
        (blob("f", BLOCK, "<Metadata><hdi_isfolder>true</hdi_isfolder></Metadata>"), True),
        (blob("f/", BLOCK.replace(">5<", ">0<")), False),
        (blob("f", BLOCK.replace(">5<", ">0<")), True),
    ],
)
def test_marks_of_folders_are_left_out(
    arm: LoopbackArm, store: BlobObjects, mark: str, *, is_file: bool
) -> None:
    """Those of a hierarchical namespace, and those of tools; what holds something is a file."""
    say(arm, page(mark))
    assert ("f" in store.listed()) is is_file


def test_a_change_of_a_blob_changes_its_mark(arm: LoopbackArm, store: BlobObjects) -> None:
    """By its ETag, which is another one after every change."""
    say(arm, page(blob("a")), page(blob("a", BLOCK.replace("0x8D", "0x8E"))))
    assert store.listed() != store.listed()
