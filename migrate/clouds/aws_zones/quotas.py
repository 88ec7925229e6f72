"""Quotas of EC2 and EBS, and how much of them is in use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_quotas import Quota, Quotas
from migrate.model.reader import Reader

STANDARD = "L-1216C47A"
"""Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances, in vCPUs. These codes are the
same in every account: Service Quotas, listed from an account and read 2026-11-23."""
_OF_FAMILY = {
    **dict.fromkeys(("f",), "L-74FC7D96"),
    **dict.fromkeys(("g", "gr", "vt"), "L-DB2E81BA"),
    **dict.fromkeys(("u",), "L-43DA4232"),
    **dict.fromkeys(("dl",), "L-6E869C2A"),
    **dict.fromkeys(("hpc",), "L-F7808C92"),
    **dict.fromkeys(("inf",), "L-1945791B"),
    **dict.fromkeys(("p",), "L-417A185B"),
    **dict.fromkeys(("trn",), "L-2C3B7624"),
    **dict.fromkeys(("x",), "L-7295265B"),
}
_STANDARD_LETTERS = frozenset("acdhimrtz")
_OF_VOLUME = {
    "gp2": "L-D18FCD1D",
    "gp3": "L-7A658B76",
    "io1": "L-FD252861",
    "io2": "L-09BD8365",
    "sc1": "L-17AF77E8",
    "st1": "L-82ACEF56",
    "standard": "L-9CF3C2EB",
}
"""Storage of each type of volume, in TiB."""
_GIB_A_TIB = 1024
_RUNNING = ["pending", "running"]
_MOST_TYPES = 100
"""Most types of one question: EC2 API reference, DescribeInstanceTypes."""


def _read(asked: AwsZoneAsked) -> Mapping[str, Quotas]:
    from inventory.clouds.aws_reach import in_chunks, pages

    ec2, limits = asked.client("ec2"), asked.client("service-quotas")
    applied = {
        service: list(pages(limits, "list_service_quotas", "Quotas", ServiceCode=service))
        for service in ("ec2", "ebs")
    }
    defaults = {
        service: list(
            pages(limits, "list_aws_default_service_quotas", "Quotas", ServiceCode=service)
        )
        for service in ("ec2", "ebs")
    }
    running = [
        instance
        for reservation in pages(
            ec2,
            "describe_instances",
            "Reservations",
            Filters=[{"Name": "instance-state-name", "Values": _RUNNING}],
        )
        for instance in reservation["Instances"]
    ]
    types = sorted({each["InstanceType"] for each in running})
    described = [
        each
        for some in in_chunks(types, _MOST_TYPES)
        for each in pages(
            ec2,
            "describe_instance_types",
            "InstanceTypes",
            Filters=[{"Name": "instance-type", "Values": list(some)}],
        )
    ]
    volumes = pages(ec2, "describe_volumes", "Volumes")
    limited = [*defaults["ec2"], *defaults["ebs"], *applied["ec2"], *applied["ebs"]]
    return {asked.id: quotas(limited, running, described, volumes, asked.sizes)}


def quotas(
    limited: Iterable[Mapping[str, Any]],
    running: Iterable[Mapping[str, Any]],
    described: Iterable[Mapping[str, Any]],
    volumes: Iterable[Mapping[str, Any]],
    sizes: Iterable[str],
) -> Quotas:
    """Make quotas of what Service Quotas and EC2 say. Pure.

    Of two quotas with the same code the later counts: an applied one before the default. Spot
    instances have quotas of their own. An instance counts with the vCPUs of its type, although
    fewer may be switched on.
    """
    limits = {each["QuotaCode"]: each for each in limited}
    vcpus = {each["InstanceType"]: each["VCpuInfo"]["DefaultVCpus"] for each in described}
    used, doubtful = _used(running, vcpus)
    stored: Counter[str] = Counter()
    for each in volumes:
        stored[_OF_VOLUME.get(each["VolumeType"], "")] += each["Size"]
    known = sorted({STANDARD, *_OF_FAMILY.values()})
    return Quotas(
        quotas=(
            *(_quota(each, limits, "vCPUs", doubtful or used[each]) for each in known),
            *(
                _quota(each, limits, "TiB", stored[each] / _GIB_A_TIB)
                for each in sorted(_OF_VOLUME.values())
            ),
        ),
        of_size={each: _size(each) for each in sizes},
        of_disk=dict(_OF_VOLUME),
    )


def quota_of(size: str) -> str | None:
    """Return the code of the quota that a size counts against; None where we know of none."""
    letters = re.match(r"[a-z]+", size)
    family = letters[0] if letters else ""
    if family in _OF_FAMILY:
        return _OF_FAMILY[family]
    standard = family[:1] in _STANDARD_LETTERS and family != "mac"
    return STANDARD if standard else None


def _size(size: str) -> tuple[str, ...] | Unknown:
    code = quota_of(size)
    if code is None:
        return Unknown(reason=Reason.NOT_TOLD, detail=f"no quota is known for {size}")
    return (code,)


def _used(
    running: Iterable[Mapping[str, Any]], vcpus: Mapping[str, int]
) -> tuple[Counter[str], Unknown | None]:
    used: Counter[str] = Counter()
    lost = set()
    for each in running:
        size = each["InstanceType"]
        if each.get("InstanceLifecycle") == "spot":
            continue
        if size not in vcpus:
            lost.add(size)
        used[quota_of(size) or ""] += vcpus.get(size, 0)
    if lost:
        detail = f"EC2 does not say how many vCPUs {', '.join(sorted(lost))} has"
        return used, Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return used, None


def _quota(
    code: str, limits: Mapping[str, Mapping[str, Any]], unit: str, used: float | Unknown
) -> Quota:
    said = limits.get(code, {})
    missing = Unknown(reason=Reason.NOT_TOLD, detail=f"Service Quotas does not speak of {code}")
    return Quota(
        id=code,
        name=said.get("QuotaName", code),
        unit=unit,
        limit=said.get("Value", missing),
        used=used,
    )


READER = Reader(
    tells=Quotas,
    calls=(
        aws_call("ec2:DescribeInstances"),
        aws_call("ec2:DescribeInstanceTypes"),
        aws_call("ec2:DescribeVolumes"),
        aws_call("service-quotas:ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        aws_call(
            "service-quotas:ListAWSDefaultServiceQuotas",
            "servicequotas:ListAWSDefaultServiceQuotas",
        ),
    ),
    read=_read,
)
