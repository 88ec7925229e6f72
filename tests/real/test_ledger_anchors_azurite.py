"""Azurite takes heads and ignores what would lock them: no head there counts as kept."""

from __future__ import annotations

import pytest
from azurite import OLD
from azurite_blobs import Blobs

from inventory.errors import BadInputError, PartlyUnknownError
from migrate.anchoring import doubt
from migrate.clouds.anchor_azblob import BlobAnchor
from migrate.ledger.anchors import Head, holding, keep_head
from migrate.ledger.chain import verify
from tests.stages.ledgers import NOW, TRUST, every_kind, written
from tests.stages.workbenches import KEYS

pytestmark = pytest.mark.azurite

ROWS = written(every_kind())
FOUND = verify(ROWS)


def anchor(blobs: Blobs) -> BlobAnchor:
    """Return an anchor in a container of Azurite, which has no immutability of versions."""
    return BlobAnchor(
        settings=blobs.settings, account=OLD, container=blobs.container, prefix="heads", days=30
    )


def test_a_head_that_was_not_locked_is_refused(blobs: Blobs) -> None:
    """Azurite answers 201 and leaves the policy out: that is not believed."""
    with pytest.raises(BadInputError, match="took the head but did not lock it") as refusal:
        keep_head([anchor(blobs)], FOUND, at=NOW, signer=KEYS["tests"].signer)
    assert "--enable-vlw" in str(refusal.value.hint)


def test_a_head_that_lies_there_unlocked_vouches_for_nothing(blobs: Blobs) -> None:
    """It is there, signed by a trusted key; but whoever took it away could have put another."""
    with pytest.raises(BadInputError):
        keep_head([anchor(blobs)], FOUND, at=NOW, signer=KEYS["tests"].signer)
    seen = holding(anchor(blobs), FOUND, TRUST)
    assert "is not locked" in seen.unknown
    assert "not known whether it is whole" in doubt([seen])


def test_a_head_that_lies_there_unlocked_forbids_all_the_same(blobs: Blobs) -> None:
    """A head that the ledger lacks counts, whoever put it there and however."""
    with pytest.raises(BadInputError):
        keep_head([anchor(blobs)], FOUND, at=NOW, signer=KEYS["tests"].signer)
    assert anchor(blobs).heads() == (Head(entries=FOUND.entries, digest=FOUND.head),)


def test_an_empty_container_holds_no_head(blobs: Blobs) -> None:
    """It is listed by the real pipeline, and told from one that cannot be listed."""
    seen = holding(anchor(blobs), FOUND, TRUST)
    assert "holds no head yet" in seen.unknown
    blobs.arm.tokens.make = lambda _: "opaque"
    with pytest.raises(PartlyUnknownError, match="403 AuthenticationFailed"):
        anchor(blobs).heads()
