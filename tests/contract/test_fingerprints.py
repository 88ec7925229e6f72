"""What holds for every fingerprint, and what is said of those that are malformed."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from inventory.applications.fingerprints import COLUMNS, OURS, load_fingerprints
from inventory.applications.local_government import SYSTEMS_OF_COUNCILS, councils_systems
from inventory.collectors.paths import ALONE, FOLDERS, MARKS
from inventory.errors import BadInputError
from inventory.model.application import Confidence

OWN = load_fingerprints()
HEADER = ",".join(COLUMNS[: COLUMNS.index("services")])
"""The columns that a row of its signs needs; the others may be left out."""


def own(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a user's own fingerprints."""
    file = tmp_path / "fingerprints.csv"
    file.write_text("\n".join([header, *rows]) + "\n")
    return file


def test_the_whole_catalogue_is_shipped_with_its_source() -> None:
    """Nothing of the catalogue is lost, and where it comes from is said beside it."""
    assert len(OWN) > 340
    assert OURS.with_name("fingerprints.PROVENANCE.md").is_file()


def test_identifiers_are_unique() -> None:
    """An application has one fingerprint."""
    assert len({each.id for each in OWN}) == len(OWN)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("Bad Id,Name,,web,linux,x,,,,,,high", "id", "'Bad Id' is no id"),
        ("x,,,web,linux,x,,,,,,high", "name", "'' is no name"),
        ("x,Name,,,linux,x,,,,,,high", "category", "'' is no category"),
        ("x,Name,,web,solaris,x,,,,,,high", "os", "'solaris' has no place here"),
        ("x,Name,,web,linux,x,,,(,,,high", "cmdline_hint", "'(' has no place here"),
        ("x,Name,,web,linux,x,,,,80,,high", "default_ports", "'80' has no place here"),
        ("x,Name,,web,linux,x,,,,70000/tcp,,high", "default_ports", "'70000/tcp' has no place"),
        ("x,Name,,web,linux,x,,,,,,sure", "confidence", "'sure' is not high, medium or low"),
        ("x,Name,,web,linux,,,,,,,high", "process_names", "there is no sign to recognise it by"),
        ("x,Name,,web,linux,x,,,,,,high,more", "confidence", "more fields than there are columns"),
    ],
)
def test_a_malformed_row_is_refused_by_file_line_and_field(
    tmp_path: Path, row: str, field: str, said: str
) -> None:
    """Who wrote the row is told where it is wrong, and how."""
    _refused(own(tmp_path, "fine,Fine,,web,linux,fine,,,,,,high", row), field, said)


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("x,Name,agent,shopd,maybe,,", "agent", "'maybe' is neither yes nor no"),
        ("x,Name,agent,,,shop/x,", "paths", "'shop/x' has no place here"),
        ("x,Name,agent,,,*/*,", "paths", "'*/*' has no place here"),
        ("x,Name,agent,,,,two words", "words", "'two words' has no place here"),
        ("x,Name,agent,,yes,,", "process_names", "there is no sign to recognise it by"),
    ],
)
def test_a_malformed_sign_is_refused_by_file_line_and_field(
    tmp_path: Path, row: str, field: str, said: str
) -> None:
    """Paths, words and agents are held to their form, too."""
    header = "id,name,category,process_names,agent,paths,words"
    _refused(own(tmp_path, "fine,Fine,web,fine,,,", row, header=header), field, said)


def _refused(file: Path, field: str, said: str) -> None:
    with pytest.raises(BadInputError, match=r".") as refused:
        load_fingerprints(file)
    assert refused.value.place is not None
    assert (refused.value.place.file, refused.value.place.line) == (file, 3)
    assert refused.value.place.field == field
    assert said in refused.value.message
    assert refused.value.hint


def test_an_identifier_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Of two rows that contradict each other, none is taken silently."""
    file = own(tmp_path, "x,X,,web,linux,x,,,,,,high", "x,Y,,web,linux,y,,,,,,high")
    with pytest.raises(BadInputError, match="'x' is there twice"):
        load_fingerprints(file)


def test_a_column_that_is_misspelt_is_refused(tmp_path: Path) -> None:
    """A column is not passed over because of its spelling."""
    file = own(tmp_path, "x,X,web,x", header="id,name,category,process_name")
    with pytest.raises(BadInputError, match="the column 'process_name' is not known"):
        load_fingerprints(file)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """A workbook saved under the wrong name is not read as rows."""
    file = tmp_path / "fingerprints.csv"
    file.write_bytes(b"PK\x03\x04\xff\xfe\x80")
    with pytest.raises(BadInputError, match="cannot be read"):
        load_fingerprints(file)


def test_own_fingerprints_are_added_and_take_the_place_of_ours(tmp_path: Path) -> None:
    """A user's knowledge of their estate goes before ours; few columns are enough."""
    own(
        tmp_path,
        "shop,Our shop,business,shopd",
        "nginx,Our own nginx,web,nginx",
        header="id,name,category,process_names",
    )
    found = {each.id: each for each in load_fingerprints(tmp_path)}
    assert found["shop"].processes == ("shopd",)
    assert found["shop"].confidence is Confidence.HIGH
    assert found["nginx"].name == "Our own nginx"
    assert len(found) == len(OWN) + 1


def test_an_estate_without_own_fingerprints_has_ours(tmp_path: Path) -> None:
    """A folder that holds none is no error."""
    assert load_fingerprints(tmp_path) == OWN


def test_own_fingerprints_may_have_every_sign(tmp_path: Path) -> None:
    """A user's own application is known by its service, its folder or its word as ours are."""
    own(
        tmp_path,
        "ledger,Our ledger,finance,ledgerd,/opt/ledger;*/ledger.ini,LedgerLive,yes,Pays the bills",
        header="id,name,category,services,paths,words,agent,purpose",
    )
    found = {each.id: each for each in load_fingerprints(tmp_path)}["ledger"]
    assert found.services == ("ledgerd",)
    assert found.paths == ("/opt/ledger", "*/ledger.ini")
    assert found.words == ("ledgerlive",)
    assert found.is_agent
    assert found.purpose == "Pays the bills"


def test_every_path_of_a_fingerprint_is_asked_for() -> None:
    """A sign that no question asks about could never be found."""
    asked = [form for line in (*FOLDERS, *ALONE) for form in line.split()]
    marks = {mark for line in MARKS for mark in line.split()}
    for each in OWN:
        for path in each.paths:
            depth = path.count("/")
            assert path.removeprefix("*/") in marks or any(
                fnmatchcase(path.replace("*", "x"), form) and depth == form.count("/")
                for form in asked
            ), (each.id, path)


def test_words_are_such_as_nothing_else_is_called_by() -> None:
    """A word is long enough to be no accident, and belongs to one application."""
    words = [word for each in OWN for word in each.words]
    assert len(words) == len(set(words))
    assert min(map(len, words)) >= 4
    ordinary = {"uniform", "mosaic", "confirm", "academy", "legend", "echo", "symphony", "insight"}
    assert not ordinary & set(words)


def test_the_systems_of_councils_are_all_there_with_their_purpose() -> None:
    """Each is an application of ours, or is described; what is unsure says so."""
    systems = councils_systems(SYSTEMS_OF_COUNCILS)
    known = {each.id: each for each in OWN}
    assert len(systems) > 120
    assert all(known[each.id].purpose for each in systems)
    assert {each.confidence for each in systems} == set(Confidence)
    assert all(each.evidence for each in systems)


@pytest.mark.parametrize(
    ("identifier", "category"),
    [
        ("veeam-agent", "backup"),
        ("netbackup-client", "backup"),
        ("commvault-client", "backup"),
        ("zabbix-agent", "monitoring"),
        ("nrpe", "monitoring"),
        ("node-exporter", "monitoring"),
        ("datadog-agent", "monitoring"),
        ("solarwinds-agent", "monitoring"),
        ("scom-agent", "monitoring"),
        ("splunk-uf", "log-shipping"),
        ("beats", "log-shipping"),
        ("wazuh-agent", "antivirus"),
        ("crowdstrike", "antivirus"),
        ("sophos", "antivirus"),
        ("defender", "antivirus"),
        ("trend-ds", "antivirus"),
        ("trellix-agent", "antivirus"),
        ("eset", "antivirus"),
        ("clamav", "antivirus"),
        ("qualys-agent", "vulnerability"),
        ("nessus-agent", "vulnerability"),
        ("puppet-agent", "config-mgmt"),
        ("chef-client", "config-mgmt"),
        ("salt-minion", "config-mgmt"),
        ("ansible-pull", "config-mgmt"),
        ("cfengine", "config-mgmt"),
        ("sccm-client", "endpoint-mgmt"),
        ("azure-arc", "cloud-agent"),
        ("azure-monitor-agent", "monitoring"),
        ("amazon-ssm-agent", "cloud-agent"),
        ("cloudwatch-agent", "monitoring"),
        ("vmware-tools", "guest-tools"),
        ("qemu-guest-agent", "guest-tools"),
        ("hyperv-daemons", "guest-tools"),
    ],
)
def test_the_common_agents_are_known_as_agents(identifier: str, category: str) -> None:
    """What looks after a server is told apart from what it is for, by kind."""
    found = {each.id: each for each in OWN}[identifier]
    assert found.is_agent
    assert found.category == category
