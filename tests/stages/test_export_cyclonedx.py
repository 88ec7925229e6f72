"""A server's bill of materials is one that CycloneDX's own tools read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import Draft7Validator
from packageurl import PackageURL
from rfc3986_validator import validate_rfc3986

from inventory.exporters.cyclonedx import EXPORTER, package_url
from inventory.model.exporter import Exportable
from inventory.model.fact import Facts, Observation, Origin, Reason
from inventory.model.facts import OS_ID, OS_VERSION, PACKAGES
from inventory.model.parts import Package
from inventory.model.server import Server

_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
_TOLD = datetime(2026, 11, 20, 9, tzinfo=UTC)
_VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)


@Draft7Validator.FORMAT_CHECKER.checks("iri-reference")
def _is_reference(text: object) -> bool:
    """Tell whether it is a reference in ASCII, which every reader of the wider ones reads, too.

    Why not jsonschema's own: its library takes two seconds to import, in every process that imports
    jsonschema.
    """
    return not isinstance(text, str) or bool(validate_rfc3986(text, rule="URI_reference"))


def _server(*observations: Observation, name: str = "web-1") -> Server:
    origin = Origin(source="ssh://web-1", question="packages", at=_TOLD, run="r")
    told = (Observation(key=each.key, fact=each.fact, origin=origin) for each in observations)
    return Server(
        id="0a" * 16,
        name=name,
        target="ssh://web-1",
        facts=Facts.from_observations(told),
        first_seen=_AT,
        last_asked=_AT,
    )


_TEXT = st.text(min_size=1, max_size=20).filter(
    lambda text: not any("\ud800" <= c < "\ue000" for c in text)
)
_PACKAGES = st.lists(
    st.builds(
        Package,
        name=_TEXT,
        version=_TEXT,
        architecture=st.none() | _TEXT,
        manager=st.sampled_from(["dpkg", "rpm", "apk", "pacman", "snap"]),
        vendor=st.none() | _TEXT,
    ),
    max_size=5,
).map(tuple)


@settings(max_examples=40, deadline=None)
@given(_PACKAGES)
def test_the_document_is_what_the_specification_says(packages: tuple[Package, ...]) -> None:
    """Whatever packages are called, the official schema finds no fault, and none is lost."""
    server = _server(PACKAGES.known(packages), OS_ID.known("debian"), OS_VERSION.known("12"))
    (written,) = EXPORTER.write(Exportable(servers=(server,), at=_AT))
    assert _VALIDATOR.validate_str(written.content.decode()) is None
    document = json.loads(written.content)
    assert len(document["components"]) == len(packages) + 1
    assert document["metadata"]["timestamp"] == "2026-11-20T09:00:00Z"


@pytest.mark.parametrize(
    "spoiled",
    [
        {"metadata": {"timestamp": "yesterday"}},
        {"externalReferences": [{"type": "website", "url": "not a reference"}]},
        {"metadata": {"authors": [{"email": "nobody"}]}},
        {"version": "1"},
        {"strange": 1},
    ],
    ids=lambda spoiled: next(iter(spoiled)),
)
def test_a_document_that_is_not_to_the_specification_is_noticed(spoiled: dict[str, object]) -> None:
    """The test above can fail: times, references and addresses are looked at, too."""
    (written,) = EXPORTER.write(Exportable(servers=(_server(),), at=_AT))
    document = {**json.loads(written.content), **spoiled}
    assert _VALIDATOR.validate_str(json.dumps(document)) is not None


@pytest.mark.parametrize(
    ("package", "distribution", "release", "url"),
    [
        (
            Package(name="libstdc++6", version="12.2.0-14", architecture="amd64", manager="dpkg"),
            "debian", "12",
            "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12",
        ),
        (
            Package(name="openssl", version="1:3.0.7-2.el9", architecture="x86_64", manager="rpm"),
            "rhel", "9.4",
            "pkg:rpm/redhat/openssl@3.0.7-2.el9?arch=x86_64&distro=rhel-9.4&epoch=1",
        ),
        (
            Package(name="musl", version="1.2.4-r2", architecture="x86_64", manager="apk"),
            "alpine", "3.19.1",
            "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1",
        ),
        (Package(name="core22", version="20240111", manager="snap"), "ubuntu", "22.04", None),
        (Package(name="bash", version="5", manager="rpm"), None, None, None),
    ],
    ids=["deb", "rpm with an epoch", "apk", "a manager without a type", "no distribution"],
)  # fmt: skip
def test_a_package_url_is_as_its_specification_has_it(
    package: Package, distribution: str | None, release: str | None, url: str | None
) -> None:
    """The specification's own library reads it, and writes it alike."""
    assert package_url(package, distribution, release) == url
    if url:
        assert PackageURL.from_string(url).to_string() == url


def test_packages_that_nobody_knows_are_said_to_be_lacking() -> None:
    """An empty list of packages would say that there are none."""
    server = _server(PACKAGES.unknown(Reason.NEEDS_PRIVILEGE))
    (written,) = EXPORTER.write(Exportable(servers=(server,), at=_AT))
    (lacking,) = written.lacking
    assert "needs privilege" in lacking.what
    assert json.loads(written.content)["compositions"][0]["aggregate"] == "unknown"


def test_servers_of_one_name_have_files_of_their_own() -> None:
    """No document is lost."""
    servers = (_server(name="web/1"), _server(name="WEB:1"))
    names = [each.name for each in EXPORTER.write(Exportable(servers=servers, at=_AT))]
    assert len({name.lower() for name in names}) == 2
