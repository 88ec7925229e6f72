"""Public recordings of real clouds, read out of the archives that ``tools/recordings`` fetches.

None was made by us, and none is kept here: each archive is pinned by its digest. A test names what
it needs by :func:`needs`, and is skipped by that name where it cannot be had.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import moto.ec2
import pytest
from ruamel.yaml import YAML

FOLDER = Path(__file__).parents[2] / ".venv" / "recordings"
BOTOCORE = FOLDER / "botocore-1.44.5.tar.gz"
LOCALSTACK = FOLDER / "localstack_core-4.0.3.tar.gz"
ANSIBLE = FOLDER / "ansible-2.4.6.0.tar.gz"
_MOTO = Path(moto.ec2.__file__).parent / "resources"
_SNAPSHOTS = re.compile(r"[^/]+/tests/aws/(.+)\.snapshot\.json")
_PLACEBO = re.compile(r".*/placebo_recordings/(.+)\.json")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer of a real cloud that is spoken to by REST."""

    method: str
    path: str
    status: int
    body: Any
    """As JSON; None when there was none."""


def needs(*archives: Path) -> pytest.MarkDecorator:
    """Skip a test, by name, where an archive cannot be had."""
    lacking = [each.name for each in archives if not each.is_file()]
    names = ", ".join(lacking or [each.name for each in archives])
    return pytest.mark.skipif(bool(lacking), reason=f"needs {names}: tools/recordings fetches it")


def azure(library: str) -> Path:
    """Return the archive of a library of Azure's SDK, such as ``monitor-1.0.0``."""
    return FOLDER / f"azure-mgmt-{library}.zip"


@cache
def said(library: str, test: str) -> tuple[Said, ...]:
    """Return what Azure answered in a recorded test of its SDK's makers, in order."""
    with zipfile.ZipFile(azure(library)) as opened:
        (member,) = (
            each for each in opened.namelist() if re.search(rf"/recordings/[^/]*{test}\.", each)
        )
        text = opened.read(member).decode()
    return tuple(_of_proxy(text) if member.endswith(".json") else _of_vcr(text))


def _of_vcr(text: str) -> Iterator[Said]:
    for each in YAML(typ="safe").load(text)["interactions"]:
        request, response = each["request"], each["response"]
        body = (response["body"] or {}).get("string")
        yield _said(request["method"], request["uri"], response["status"]["code"], body)


def _of_proxy(text: str) -> Iterator[Said]:
    for each in json.loads(text)["Entries"]:
        body = each.get("ResponseBody")
        yield _said(each["RequestMethod"], each["RequestUri"], each["StatusCode"], body)


def _said(method: str, uri: str, status: int, body: Any) -> Said:
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            body = None
    return Said(method=method, path=unquote(urlsplit(uri).path), status=status, body=body)


@cache
def snapshot(of_file: str, of_test: str) -> Any:
    """Return what AWS answered in a test of LocalStack's makers, by the name each answer has.

    They run their tests against the real AWS, and keep parsed answers with placeholders such as
    ``<key-id:1>`` in place of names, and a word in place of every moment.
    """
    for name, text in _members(LOCALSTACK, _SNAPSHOTS):
        if name == of_file:
            kept = json.loads(text)
            (found,) = (one for test, one in kept.items() if test.endswith(f"::{of_test}"))
            return found["recorded-content"]
    raise LookupError(f"{LOCALSTACK.name} has no {of_file}")


@cache
def placebo(name: str) -> Any:
    """Return what AWS answered in a test of Ansible's makers: ``folder/test/service.Call_1``."""
    (text,) = (text for each, text in _members(ANSIBLE, _PLACEBO) if each == name)
    return json.loads(text)["data"]


@cache
def instance_types() -> dict[str, Any]:
    """Return what AWS says of each size, as moto's makers collect it of DescribeInstanceTypes."""
    found: dict[str, Any] = json.loads(
        gzip.decompress((_MOTO / "instance_types.json.gz").read_bytes())
    )
    return found


@cache
def offerings(region: str) -> list[dict[str, str]]:
    """Return which sizes a region's zones offer, as moto's makers collect it of AWS."""
    held = _MOTO / "instance_type_offerings" / "availability-zone" / f"{region}.json.gz"
    found: list[dict[str, str]] = json.loads(gzip.decompress(held.read_bytes()))
    return found


def _members(archive: Path, pattern: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    return iter(_of(archive, pattern).items())


@cache
def _of(archive: Path, pattern: re.Pattern[str]) -> dict[str, bytes]:
    found = {}
    with tarfile.open(archive) as opened:
        for each in opened:
            match = pattern.fullmatch(each.name)
            stream = opened.extractfile(each) if match else None
            if match and stream:
                found[match[1]] = stream.read()
    return found


def botocore_xml() -> dict[str, bytes]:
    """Return botocore's own recordings by service and operation: ``ec2-describe-instances``."""
    return _of(BOTOCORE, re.compile(r".*/response_parsing/xml/responses/([a-z0-9-]+)\.xml"))
