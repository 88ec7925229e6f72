"""The estate, raised and asked once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from estate.definition import definition
from estate.discovered import Discovered, discover
from estate.lab import Lab, raised
from estate.roots import NoRootError
from inventory.estate_file import read_estate
from inventory.model.fact import Facts
from inventory.store.opening import open_store
from inventory.store.servers import servers


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Raise the whole estate."""
    try:
        with raised(definition(), tmp_path_factory.mktemp("estate")) as up:
            yield up
    except NoRootError as error:
        pytest.skip(f"the estate: {error}")


@pytest.fixture(scope="session")
def discovered(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Discovered:
    """Ask every server once."""
    return discover(lab, tmp_path_factory.mktemp("folder"))


@pytest.fixture(scope="session")
def facts(discovered: Discovered) -> Mapping[str, Facts]:
    """Return what was found of each server, by its name."""
    with open_store(read_estate(discovered.folder, {}).database) as store:
        return {server.name: server.facts for server in servers(store)}
