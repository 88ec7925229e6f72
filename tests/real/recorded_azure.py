"""An Azure that says what the real one once said, in the recordings of its SDK's makers.

They are among the tests of two source distributions, which ``tools/recordings`` fetches. What was
recorded of single resources is listed, too, as Resource Manager would list it.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from inventory.model.azure_id import AzureId
from migrate.demo.arm import LoopbackArm

FOLDER = Path(__file__).parents[2] / ".venv" / "recordings"
ARCHIVES = {
    "compute": FOLDER / "azure-mgmt-compute-9.0.0.zip",
    "network": FOLDER / "azure-mgmt-network-9.0.0.zip",
}
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
"""What its makers put in place of their own."""


def answers(library: str, test: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and body of every look that succeeded in a recorded test, in order."""
    archive = ARCHIVES[library]
    with zipfile.ZipFile(archive) as opened:
        text = opened.read(f"{archive.stem}/tests/recordings/{test}.yaml").decode()
    for each in YAML(typ="safe").load(text)["interactions"]:
        request, response = each["request"], each["response"]
        if request["method"] == "GET" and response["status"]["code"] == 200:
            yield urlsplit(request["uri"]).path, json.loads(response["body"]["string"])


def repeat(arm: LoopbackArm, *recorded: tuple[str, dict[str, Any]]) -> None:
    """Let a loopback Azure repeat it: resources by their id and in listings, and listings whole."""
    singly: dict[str, dict[str, Any]] = {}
    listed: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for path, body in recorded:
        if "value" in body:
            listed[path] |= {_key(each): each for each in body["value"]}
        elif AzureId.parse(path):
            singly[path] = body
            parsed = AzureId.parse(path)
            assert parsed
            kind = f"/subscriptions/{SUBSCRIPTION}/providers/{parsed.namespace}/{parsed.type}"
            listed[kind][body["id"]] = body
    for path, rows in listed.items():
        arm.answers.list(path, list(rows.values()))
    for path, body in singly.items():
        arm.answers.add("GET", path, body)


def _key(row: dict[str, Any]) -> str:
    return row.get("id") or json.dumps(row)
