"""Which checks and conditions were judged by what a real cloud once said, and why others were not.

``python tests/real/recorded_coverage.py`` prints it as a table. A check counts as judged where a
recording made it pass or fail; that a recording is silent, and the check says so, is not counted.
"""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from expectations import Expectation  # noqa: E402 - it lies beside this file, as pytest knows

from inventory.model.cloud_calls import Provider  # noqa: E402
from migrate.clouds import readers, zones  # noqa: E402
from migrate.model.evidence import Outcome  # noqa: E402
from migrate.workbench import CHECKS  # noqa: E402
from migrate.zones import CONDITIONS  # noqa: E402

Judged = tuple[Provider, str]
_AWS, _AZURE = Provider.AWS, Provider.AZURE
_NO_MGN: Final = "no recording of Application Migration Service was found"
_NO_ASR: Final = "no recording of Site Recovery was found: Microsoft's are kept elsewhere"
_NO_BACKUP: Final = "no recording of AWS Backup was found"
_NO_SSM: Final = "no recording of Systems Manager about instances was found"
_NO_ORGANIZATIONS: Final = "no recording of AWS Organizations was found"
_NO_SETS: Final = "the sets that are assigned in the one recording were not listed in it"
NOT_JUDGED: Final[dict[Judged, str]] = {
    (_AWS, "data-validated"): "no recording of Database Migration Service was found",
    (_AWS, "launched-instance"): _NO_MGN,
    (_AWS, "replication-healthy"): _NO_MGN,
    (_AWS, "replication-lag"): _NO_MGN,
    (_AWS, "replication-ready"): _NO_MGN,
    (_AWS, "target-backed-up"): _NO_BACKUP,
    (_AWS, "target-restore-tested"): _NO_BACKUP,
    (_AWS, "backups"): _NO_BACKUP,
    (_AWS, "target-balanced"): "no recording of ELB about target groups was found",
    (_AWS, "target-boots"): "no recording of GetConsoleOutput was found",
    (_AWS, "target-compliant"): "no recording of Config about compliance was found",
    (_AWS, "target-cost"): "no recording of Cost Explorer was found",
    (_AWS, "target-database"): "the recorded database is older than ARNs, by which it is asked for",
    (_AWS, "target-encrypted"): "the recorded volumes are older than their encryption",
    (_AWS, "target-managed"): _NO_SSM,
    (_AWS, "target-patched"): _NO_SSM,
    (_AWS, "target-metadata"): "the recorded instances are older than metadata options",
    (_AWS, "target-protected"): "the one recorded attribute of an instance is another",
    (_AWS, "licences"): "no recording of License Manager was found",
    (_AWS, "policies"): _NO_ORGANIZATIONS,
    (_AWS, "tags"): _NO_ORGANIZATIONS,
    (_AWS, "quotas"): "no recording of Service Quotas about EC2 was found",
    (_AZURE, "launched-instance"): _NO_ASR,
    (_AZURE, "replication-healthy"): _NO_ASR,
    (_AZURE, "replication-lag"): _NO_ASR,
    (_AZURE, "replication-ready"): _NO_ASR,
    (_AZURE, "target-balanced"): "no recording lists a subscription's load balancers and gateways",
    (_AZURE, "target-boots"): "no recording of boot diagnostics was found",
    (_AZURE, "target-compliant"): "no recording of Policy Insights' states was found",
    (_AZURE, "target-cost"): "recorded bills are of Consumption, which is not what is asked",
    (_AZURE, "target-database"): "of the recorded databases neither keys nor backups were asked",
    (_AZURE, "target-encrypted"): "of no recorded machine were all disks recorded",
    (_AZURE, "target-metadata"): "Azure has no such setting",
    (_AZURE, "target-patched"): "no recording of Update Manager's assessments was found",
    (_AZURE, "target-running"): "no recorded machine has its health, its addresses and its state",
    (_AZURE, "keys"): "no recording of keys as Resource Manager tells them was found",
    (_AZURE, "policies"): _NO_SETS,
    (_AZURE, "tags"): _NO_SETS,
}
"""Why no recording makes them pass or fail, of those that a package index has.

Cloud Custodian's makers keep many more, of AWS Backup, Config and others, in their repository,
which no index has.
"""


def asked() -> set[Judged]:
    """Return every check and condition that asks a cloud, by the cloud."""
    checks = {
        (each, name)
        for each in Provider
        for name, plugin in CHECKS.all().items()
        if plugin.value.of_cloud
        and any(one in readers.readers(each) for one in plugin.value.of_cloud.aspects)
    }
    conditions = {
        (each, name)
        for each in Provider
        for name, plugin in CONDITIONS.all().items()
        if plugin.value.aspect in zones.readers(each)
    }
    return checks | conditions


def expected() -> Iterator[tuple[Provider, Expectation]]:
    """Yield every expectation on a recording, with the cloud that said it."""
    for path in sorted(HERE.glob("test_cloud_recorded_*.py")):
        cloud = Provider(path.stem.split("_")[3])
        for each in importlib.import_module(path.stem).EXPECTED:
            yield cloud, each


def outcomes() -> dict[Judged, Counter[Outcome]]:
    """Return how often each is expected to say what."""
    found: dict[Judged, Counter[Outcome]] = {}
    for cloud, each in expected():
        found.setdefault((cloud, each.judges), Counter())[each.outcome] += 1
    return found


def judged() -> set[Judged]:
    """Return those that a recording makes pass or fail."""
    telling = {Outcome.PASSED, Outcome.FAILED}
    return {each for each, said in outcomes().items() if telling & said.keys()}


def table() -> str:
    """Return it all as a table of Markdown."""
    found = outcomes()
    lines = ["| Check or condition | AWS | Azure |", "|---|---|---|"]
    for name in sorted({name for _, name in asked()}):
        cells = [_cell((each, name), found) for each in (_AWS, _AZURE)]
        lines.append(f"| `{name}` | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _cell(which: Judged, found: dict[Judged, Counter[Outcome]]) -> str:
    said = found.get(which, Counter())
    counts = ", ".join(f"{said[each]} {each.value}" for each in Outcome if said[each])
    return "; ".join(filter(None, (counts, NOT_JUDGED.get(which, "")))) or "not asked"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
