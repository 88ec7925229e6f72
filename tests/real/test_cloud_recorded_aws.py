"""What AWS once said of two instances and a database, judged by every check that can judge it.

The recordings are botocore's own, of 2011 to 2014, made by its makers and not by us: one instance
runs (i-78f1b94a, Windows, m1.medium, in us-west-2b, with a public address), one is stopped
(i-fde9cece, m1.small, in us-west-2a). They are older than encryption of volumes, metadata options
and ARNs of databases, which therefore are not told, and must be unknown. Of networks they show one,
10.0.0.0/16, whose subnet leads to the internet; addresses of subscribers are those of AWS's guides.
What an m1.medium is, moto's makers have from AWS.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from expectations import Expectation, World, each_of, fails, passes, unknown
from landings import server
from recorded_aws import of_botocore, recorded_world
from recordings import BOTOCORE, instance_types, needs
from sights import facts

from inventory.model.facts import DISKS
from inventory.model.parts import Disk

pytestmark = needs(BOTOCORE)
RUNS, STOPPED = "i-78f1b94a", "i-fde9cece"
DATABASE = "arn:aws:rds:us-east-1:123456789012:db:simcoprod01"
SUBNET = {"subnets": ("subnet-812910e8",)}
TOPIC = "arn:aws:sns:us-west-2:123456789012:My-Topic"


def _disk(gib: int) -> Disk:
    return Disk(name="sda", size_bytes=gib << 30, removable=False)


MACHINES = (
    passes(
        "target-running",
        "its state is running, and both status checks are ok",
        resource=RUNS,
        words="it runs",
    ),
    fails("target-running", "its user stopped it on 2013-03-01", resource=STOPPED, words="stopped"),
    fails("target-not-exposed", "it has a public address", resource=RUNS, words="54.245.16.142"),
    fails(
        "target-not-exposed",
        "its group lets the whole internet use remote desktop",
        resource=RUNS,
        given={"public_address": True},
        words="3389/tcp",
    ),
    passes(
        "target-not-exposed",
        "remote desktop and the address are all that is open",
        resource=RUNS,
        given={"public_address": True, "allowed_ports": ["3389/tcp"]},
    ),
    fails(
        "target-not-exposed",
        "its group is open for a notebook, though it is stopped",
        resource=STOPPED,
        words="8888/tcp",
    ),
    fails(
        "target-tagged",
        "the tag notebook has no value",
        resource=STOPPED,
        given={"tags": {"notebook": []}},
        words="empty",
    ),
    fails(
        "target-tagged",
        "there is no tag Owner",
        resource=STOPPED,
        given={"tags": {"Owner": []}},
        words="Owner",
    ),
    fails(
        "target-in-place",
        "it is in Oregon",
        resource=RUNS,
        given={"regions": ["eu-west-2"]},
        words="us-west-2",
    ),
    passes(
        "target-in-place",
        "it is where it may be",
        resource=RUNS,
        given={"regions": ["us-west-2"], "zones": ["us-west-2b"]},
    ),
    passes(
        "target-right-disks",
        "its one volume, vol-a8d2e991, has 30 GiB",
        resource=RUNS,
        old=facts(DISKS.known((_disk(30),))),
        words="30.0",
    ),
    fails(
        "target-right-disks",
        "its one volume, vol-bc71579a, has 8 GiB",
        resource=STOPPED,
        old=facts(DISKS.known((_disk(30),))),
        words="8.0",
    ),
    passes(
        "target-right-size",
        "it is the m1.medium that is asked for",
        resource=RUNS,
        given={"size": "m1.medium"},
        words="m1.medium",
    ),
    fails(
        "target-right-size",
        "it is an m1.medium",
        resource=RUNS,
        given={"size": "m5.large"},
        words="m1.medium",
    ),
    unknown(
        "target-encrypted",
        "AWS did not tell of encryption in those days",
        resource=RUNS,
        words="Encrypted",
    ),
    unknown(
        "target-metadata",
        "there were no metadata options in those days",
        resource=RUNS,
        words="metadata",
    ),
    unknown("target-protected", "the attribute that was recorded is another", resource=RUNS),
    unknown("target-boots", "no console was recorded", resource=RUNS, words="not recorded"),
    unknown(
        "target-database",
        "databases had no ARN by which this one could be told from another",
        resource=DATABASE,
    ),
)
ZONES = (
    passes(
        "addresses",
        "251 addresses of 10.0.0.0/24 are free",
        given=SUBNET,
        servers=(server(),),
        words="251",
    ),
    fails(
        "addresses",
        "251 addresses are too few for 252 servers",
        given=SUBNET,
        servers=tuple(server(f"web-{each}") for each in range(252)),
        words="251",
    ),
    fails(
        "addresses",
        "there is one subnet, and it is another",
        given={"subnets": ("subnet-00000000",)},
        servers=(server(),),
        words="subnet-00000000",
    ),
    passes(
        "routes",
        "0.0.0.0/0 leads to igw-6228110b, and no network on premise is asked for",
        given=SUBNET,
        words="the internet alone",
    ),
    fails(
        "routes",
        "what holds 10.20.0.0/16 is 0.0.0.0/0 alone, and that is the internet",
        given={**SUBNET, "on_premise": ("10.20.0.0/16",)},
        words="igw-6228110b, which is the internet",
    ),
    fails(
        "security-groups",
        "it lets every address reach remote desktop",
        given={"security_groups": ("sg-72334242",)},
        words="tcp 3389",
    ),
    unknown(
        "connections",
        "the VPN is available, and nothing is said of its tunnels",
        given={"connections": ("vpn-44a8938f",)},
        words="no tunnel",
    ),
    fails(
        "connections",
        "there is one VPN, and it is another",
        given={"connections": ("vpn-00000000",)},
        words="vpn-00000000",
    ),
    unknown(
        "names",
        "whether the network's resolver is on was not recorded",
        given={**SUBNET, "domains": ("council.internal",)},
        words="not recorded",
    ),
    unknown(
        "monitoring",
        "the topic's email subscriber is confirmed, and of logs nothing was recorded",
        given={"alerts": (TOPIC,), "logs": ("/app",)},
        words="not recorded",
    ),
)
EXPECTED: tuple[Expectation, ...] = (*MACHINES, *ZONES)


@pytest.fixture(scope="module")
def aws() -> Iterator[World]:
    """Return the clouds, of which AWS repeats what it once said."""
    said = of_botocore("ec2", "rds", "sns")
    sizes = {"InstanceTypes": [instance_types()["m1.medium"]]}
    with recorded_world("us-west-2", {**said, ("ec2", "DescribeInstanceTypes"): sizes}) as opened:
        yield opened


@each_of(EXPECTED)
def test_what_aws_once_said_is_judged(aws: World, expected: Expectation) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    aws.holds(expected)
