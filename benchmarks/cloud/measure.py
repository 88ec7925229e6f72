"""All checks of a thousand EC2 instances, beside Cloud Custodian's policies on the same server.

    python -m benchmarks.cloud.measure --custodian venv/bin/custodian --instances 1000 --rounds 3

A moto server in a process of its own answers both, in turns. Whole processes are timed, Python's
start included; requests are counted by the server's log. Each policy lists what the check of its
name fails, and both must find the same. Termination protection is measured apart: AWS tells it of
one instance at a time, so each contender asks once for each. Last, Decant alone judges by all of
its target checks, for the number of requests: moto refuses some of them, and most of them have no
counterpart among Custodian's filters. Cloud Custodian is installed by hand: ``pip install c7n`` in
an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from migrate.workbench import CHECKS

ROOT: Final = Path(__file__).parents[2]
REGION: Final = "eu-west-2"
TOGETHER: Final = (
    "target-running",
    "target-right-size",
    "target-encrypted",
    "target-not-exposed",
    "target-tagged",
    "target-metadata",
    "target-in-place",
)
SINGLY: Final = ("target-protected",)
_IMAGE: Final = "ami-12c6146b"


@dataclass(frozen=True, kw_only=True)
class Bout:
    """What one contender needed once."""

    seconds: float
    processor_seconds: float
    requests: int
    failed: Mapping[str, int]
    """How many instances each check or policy names."""


@contextmanager
def moto(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run a moto server; return its address and its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "moto.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=written,
            stderr=written,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/moto-api/")
        yield url, log
    finally:
        server.terminate()
        server.wait()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the moto server does not answer")


def environment(url: str, home: Path) -> dict[str, str]:
    """Return an environment that leads to the server, and to nothing of the user's own."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith("AWS_")}
    return kept | {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "loopback",
        "AWS_SECRET_ACCESS_KEY": "loopback",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": str(home),
    }


def furnish(url: str, count: int) -> list[str]:
    """Start instances, half of them with an owner, and return their ids."""
    import boto3

    ec2 = boto3.client(
        "ec2",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id="loopback",
        aws_secret_access_key="loopback",  # noqa: S106 - moto takes any
    )
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    ec2.create_tags(Resources=[subnet], Tags=[{"Key": "Zone", "Value": "landing"}])
    found = []
    for owned in (True, False):
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Owner", "Value": "ICT"}]}]
        made = ec2.run_instances(
            ImageId=_IMAGE,
            InstanceType="m5.large" if owned else "t3.small",
            MinCount=count // 2,
            MaxCount=count // 2,
            SubnetId=subnet,
            **({"TagSpecifications": tags} if owned else {}),
        )
        found += [each["InstanceId"] for each in made["Instances"]]
    return found


def decant(instances: Path, checks: Sequence[str], where: Mapping[str, str], log: Path) -> Bout:
    """Judge every instance by every check."""
    command = [sys.executable, "-m", "benchmarks.cloud.wave", str(instances), "--checks", *checks]

    def failed(out: str) -> Mapping[str, int]:
        told = json.loads(out)["outcomes"]
        return {name: told.get(f"{name} failed", 0) for name in checks}

    return _bout(command, where, log, failed)


def custodian(
    program: Path, folder: Path, policies: Sequence[str], where: Mapping[str, str], log: Path
) -> Bout:
    """Run the policies of the same names, with a new cache."""
    file = ROOT / "benchmarks/cloud/custodian.yml"
    out, cache = folder / "out", folder / "custodian.cache"
    cache.unlink(missing_ok=True)
    command = [str(program), "run", "-s", str(out), "-f", str(cache), "--region", REGION]
    for name in policies:
        command += ["-p", name]

    def failed(_out: str) -> Mapping[str, int]:
        return {
            name: len(json.loads((out / name / "resources.json").read_text())) for name in policies
        }

    return _bout([*command, str(file)], where, log, failed)


def _bout(
    command: Sequence[str],
    where: Mapping[str, str],
    log: Path,
    failed: Callable[[str], Mapping[str, int]],
) -> Bout:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    asked = _requests(log)
    done = subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-1500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Bout(
        seconds=time.perf_counter() - began,
        processor_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        requests=_requests(log) - asked,
        failed=failed(done.stdout),
    )


def _requests(log: Path) -> int:
    return sum('"POST ' in line or '"GET ' in line for line in log.read_text().splitlines())


def compare(
    program: Path | None, checks: Sequence[str], *, count: int, rounds: int
) -> dict[str, list[Bout]]:
    """Let both judge in turns, against one server.

    Raises:
        RuntimeError: one failed, or they do not find the same.

    """
    found: dict[str, list[Bout]] = {"decant": [], "custodian": []}
    with tempfile.TemporaryDirectory(prefix="decant-cloud-") as name:
        folder = Path(name)
        with moto(folder) as (url, log):
            instances = folder / "instances.json"
            instances.write_text(json.dumps(furnish(url, count)))
            where = environment(url, folder)
            for _ in range(rounds):
                found["decant"].append(decant(instances, checks, where, log))
                if program:
                    found["custodian"].append(custodian(program, folder, checks, where, log))
    ends = {json.dumps(each.failed) for bouts in found.values() for each in bouts}
    if len(ends) > 1:
        raise RuntimeError(f"they do not find the same: {ends}")
    return found


def table(found: Mapping[str, Sequence[Bout]], checks: Sequence[str], count: int) -> str:
    """Return the medians as a table in Markdown."""
    lines = [
        f"{count} instances, {len(checks)} checks: {', '.join(checks)}",
        "",
        "| contender | seconds | processor seconds | requests | requests a server and check |",
        "|---|---|---|---|---|",
    ]
    for name, bouts in found.items():
        if bouts:
            seconds, processor, asked = (
                statistics.median(getattr(each, field) for each in bouts)
                for field in ("seconds", "processor_seconds", "requests")
            )
            share = asked / (count * len(checks))
            lines.append(
                f"| {name} | {seconds:.2f} | {processor:.2f} | {asked:.0f} | {share:.4f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--instances", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--custodian", type=Path, help="its program; without it, Decant alone")
    asked: Any = parser.parse_args()
    for checks in (TOGETHER, SINGLY):
        found = compare(asked.custodian, checks, count=asked.instances, rounds=asked.rounds)
        print(table(found, checks, asked.instances), end="\n\n", flush=True)
    every = [name for name in CHECKS.all() if name.startswith("target-")]
    found = compare(None, every, count=asked.instances, rounds=1)
    print(table(found, every, asked.instances), flush=True)


if __name__ == "__main__":
    main()
