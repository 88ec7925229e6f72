"""An Azure that says what the real one once said, in the recordings of its SDK's makers.

They are among the tests of source distributions, which ``tools/recordings`` fetches. What was
recorded of single resources is listed, too, as Resource Manager would list it: such a list may lack
what nobody asked about. What is recorded later stands in place of what was recorded before. What
was not recorded at all is refused, and is no empty list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from clouds import azure_settings
from expectations import World, world
from recordings import Said

from inventory.model.azure_id import AzureId
from inventory.model.cloud_settings import AwsSettings
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Request, refusal
from migrate.demo.arm_resources import listing
from migrate.model.plan import Destination

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""What its makers put in place of their own."""
Row = dict[str, Any]
_PAGE = 50
_NOT_RECORDED = refusal(400, "NotRecorded", "It was not recorded.")
"""Silence of a recording is no empty list."""


@dataclass(kw_only=True)
class _Held:
    """What stands at the end of a recording."""

    singly: dict[str, Row] = field(default_factory=dict)
    listed: dict[str, dict[str, Row]] = field(default_factory=dict)
    """Rows by the path of their listing, and by their id."""

    def take(self, said: Said) -> None:
        """Take one answer; those that tell no resource, and refusals, are left out."""
        is_telling = said.method in {"GET", "PUT"} and said.status in {200, 201}
        if not is_telling or not isinstance(said.body, dict):
            return
        if isinstance(said.body.get("value"), list):
            rows = self.listed.setdefault(said.path, {})
            rows |= {_key(each, number): each for number, each in enumerate(said.body["value"])}
            return
        self.singly[said.path] = said.body
        parsed = AzureId.parse(said.body.get("id") or "")
        if parsed:
            self._list(parsed, said.body)

    def _list(self, parsed: AzureId, body: Row) -> None:
        key, parent = body["id"].lower(), body["id"].rpartition("/")[0]
        here = f"/subscriptions/{SUBSCRIPTION}/providers/{parsed.namespace}/{parsed.type}"
        for where in (here, parent):
            self.listed.setdefault(where, {})[key] = body
        for rows in self.listed.values():
            if key in rows:
                rows[key] = body


def repeat(arm: LoopbackArm, recorded: Iterable[Said]) -> None:
    """Let a loopback Azure say how things stand after all of this was said."""
    held = _Held()
    for each in recorded:
        held.take(each)
    arm.answers.add("GET", "/subscriptions/.*", _NOT_RECORDED)
    arm.answers.add("POST", "(/subscriptions/|/providers/).*", _NOT_RECORDED)
    for path, rows in held.listed.items():
        arm.answers.add("GET", re.escape(path), _listing(arm, list(rows.values())))
    for path, body in held.singly.items():
        arm.answers.add("GET", re.escape(path), body)


def _listing(arm: LoopbackArm, rows: list[Row]) -> Callable[[Request], Answer]:
    """List what was recorded; where a request asks for one region, as of sizes, those of it."""

    def answer(request: Request) -> Answer:
        region = re.fullmatch("location eq '([a-z0-9]+)'", request.query.get("$filter", ""))
        wanted = [each for each in rows if not region or _is_in(each, region[1])]
        return listing(wanted, request, arm.url, _PAGE)

    return answer


def _is_in(row: Row, region: str) -> bool:
    return region in {each.lower() for each in row.get("locations") or ()}


def _key(row: Row, number: int) -> str:
    return str(row.get("id") or number).lower()


@contextmanager
def recorded_world(folder: Path, region: str, recorded: Iterable[Said]) -> Iterator[World]:
    """Run it, and open the clouds that lead there."""
    with pytest.MonkeyPatch.context() as patch, loopback_arm(folder) as arm:
        for name, value in arm.environment().items():
            patch.setenv(name, value)
        repeat(arm, recorded)
        settings = replace(azure_settings(arm), subscription=SUBSCRIPTION, regions=(region,))
        opened = world(
            Destination.AZURE, AwsSettings(), settings, account=SUBSCRIPTION, region=region
        )
        with opened as opened_world:
            yield opened_world
