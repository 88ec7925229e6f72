"""``aws_instance_types.csv`` out of EC2's DescribeInstanceTypes and its offerings by zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from migrate.catalogue.refreshing.asking import Question, Source
from migrate.catalogue.refreshing.made import Fetched, Made, Present, as_csv, flag, parts_of

_OFFERED, _ZONES = "offered_", "zones_"
_MEBIBYTES = 1024


def questions(region: str) -> tuple[Question, ...]:
    """Return what is asked for a region: its types, and the zones that offer them."""
    return (
        Question(source=Source.EC2, about="types", region=region),
        Question(source=Source.EC2, about="offerings", region=region),
    )


def make(present: Present, fetched: Sequence[Fetched]) -> Made:
    """Make the file anew: fetched regions as they are now, others as they were.

    A type that no fetched region offers any more keeps its row; it is only no longer offered.
    """
    before = present.rows()
    rows = {row["instance_type"]: dict(row) for row in before}
    for each in fetched:
        zones = dict(_zones(each))
        for described in _described(each):
            name = described["InstanceType"]
            rows[name] = {**rows.get(name, {}), **_row(described)}
        for name, row in rows.items():
            row[_OFFERED + _column(each.region)] = flag(holds=name in zones)
            row[_ZONES + _column(each.region)] = "|".join(sorted(zones.get(name, ())))
    columns = list(dict.fromkeys(name for row in (*before[:1], *rows.values()) for name in row))
    for row in rows.values():
        row.update({name: "0" for name in columns if name.startswith(_OFFERED) and name not in row})
    regions = [
        name.removeprefix(_OFFERED).replace("_", "-") for name in before[0] if _OFFERED in name
    ]
    return Made(text=as_csv(rows.values(), columns), parts=parts_of(present, regions, fetched))


def _column(region: str) -> str:
    return region.replace("-", "_")


def _described(fetched: Fetched) -> Iterator[Mapping[str, Any]]:
    return (each for page in fetched.pages for each in page.get("InstanceTypes", ()))


def _zones(fetched: Fetched) -> Iterator[tuple[str, set[str]]]:
    found: dict[str, set[str]] = {}
    for page in fetched.pages:
        for each in page.get("InstanceTypeOfferings", ()):
            found.setdefault(each["InstanceType"], set()).add(each["Location"])
    return iter(found.items())


def _row(described: Mapping[str, Any]) -> dict[str, str]:
    name = str(described["InstanceType"])
    processor, vcpus = described["ProcessorInfo"], described["VCpuInfo"]
    return {
        "instance_type": name,
        "family": name.partition(".")[0],
        "vcpu": _text(vcpus["DefaultVCpus"]),
        "cores": _text(vcpus.get("DefaultCores")),
        "threads_per_core": _text(vcpus.get("DefaultThreadsPerCore")),
        "memory_gib": str(Decimal(described["MemoryInfo"]["SizeInMiB"]) / _MEBIBYTES),
        "arch": "|".join(sorted(processor["SupportedArchitectures"])),
        "cpu_vendor": _text(processor.get("Manufacturer")),
        "clock_ghz": _text(processor.get("SustainedClockSpeedInGhz")),
        "hypervisor": _text(described.get("Hypervisor")) or "none",
        "bare_metal": flag(holds=bool(described.get("BareMetal"))),
        "burstable": flag(holds=bool(described.get("BurstablePerformanceSupported"))),
        "current_gen": flag(holds=bool(described.get("CurrentGeneration"))),
        "virt": "|".join(sorted(described.get("SupportedVirtualizationTypes", ()))),
        "boot_modes": "|".join(sorted(described["SupportedBootModes"])),
        "local_storage_gb": _text(described.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0)),
        **_network(described["NetworkInfo"]),
        **_volumes(described.get("EbsInfo", {})),
        **_accelerators(described.get("GpuInfo", {}).get("Gpus", ())),
    }


def _network(network: Mapping[str, Any]) -> dict[str, str]:
    cards = network.get("NetworkCards", ())
    return {
        "network": _text(network.get("NetworkPerformance")),
        "net_baseline_gbps": _most(cards, "BaselineBandwidthInGbps"),
        "net_peak_gbps": _most(cards, "PeakBandwidthInGbps"),
        "max_enis": _text(network["MaximumNetworkInterfaces"]),
        "ipv4_per_eni": _text(network.get("Ipv4AddressesPerInterface")),
    }


def _volumes(volumes: Mapping[str, Any]) -> dict[str, str]:
    rates = volumes.get("EbsOptimizedInfo", {})
    return {
        "ebs_opt": _text(volumes.get("EbsOptimizedSupport")),
        "ebs_base_mbps": _text(rates.get("BaselineBandwidthInMbps")),
        "ebs_base_mb_s": _text(rates.get("BaselineThroughputInMBps")),
        "ebs_base_iops": _text(rates.get("BaselineIops")),
        "ebs_max_mbps": _text(rates.get("MaximumBandwidthInMbps")),
        "ebs_max_mb_s": _text(rates.get("MaximumThroughputInMBps")),
        "ebs_max_iops": _text(rates.get("MaximumIops")),
        "max_ebs_attachments": _text(volumes.get("MaximumEbsAttachments")),
        "ebs_attach_limit": _text(volumes.get("AttachmentLimitType")),
        "nvme": _text(volumes.get("NvmeSupport")),
    }


def _accelerators(found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {
        "gpu_count": _text(sum(int(each.get("Count", 0)) for each in found)),
        "gpu_name": "|".join(dict.fromkeys(str(each.get("Name", "")) for each in found)),
    }


def _most(cards: Sequence[Mapping[str, Any]], name: str) -> str:
    """Return the rate of the fastest card, as one connection uses one card."""
    given = [Decimal(str(card[name])) for card in cards if name in card]
    return str(max(given)) if given else ""


def _text(value: object) -> str:
    return "" if value is None else str(value)
