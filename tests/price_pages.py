"""Pages of the services that a refresh of the catalogue asks, made of what the catalogue holds.

Their shapes are the documented ones (EC2 API reference; AWS Price List Query API; Azure Retail
Prices; Microsoft.Compute Resource Skus - List; endoflife.date API v1); what is in them is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from migrate.catalogue.datasets import datasets, read_json, read_rows
from migrate.catalogue.refreshing.asking import Page, Question, Source

Content = dict[str, Any]
PER_PAGE = 400


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped data set."""
    return read_rows(datasets()[name].file)


def types(region: str) -> list[Content]:
    """Return the types of a region, as DescribeInstanceTypes tells them (format as documented)."""
    offered = f"offered_{region.replace('-', '_')}"
    return [_type(row) for row in rows_of("aws-instance-types") if row[offered] == "1"]


def _type(row: Mapping[str, str]) -> Content:
    return {
        "InstanceType": row["instance_type"],
        "VCpuInfo": {"DefaultVCpus": int(row["vcpu"]), "DefaultCores": int(row["cores"])},
        "MemoryInfo": {"SizeInMiB": int(float(row["memory_gib"]) * 1024)},
        "ProcessorInfo": {"SupportedArchitectures": row["arch"].split("|")},
        "NetworkInfo": {"MaximumNetworkInterfaces": int(row["max_enis"])},
        "EbsInfo": {"AttachmentLimitType": row["ebs_attach_limit"], "MaximumEbsAttachments": 27},
        "SupportedBootModes": row["boot_modes"].split("|"),
        "CurrentGeneration": row["current_gen"] == "1",
        "BareMetal": row["bare_metal"] == "1",
        "BurstablePerformanceSupported": row["burstable"] == "1",
    }


def offerings(region: str) -> list[Content]:
    """Return in which zones each type of a region can be had."""
    return [
        {
            "InstanceType": each["InstanceType"],
            "LocationType": "availability-zone",
            "Location": zone,
        }
        for each in types(region)
        for zone in (f"{region}a", f"{region}b")
    ]


_SYSTEMS = {"Linux": "linux", "Windows": "windows", "RHEL": "rhel", "SUSE": "sles"}


def products(region: str, terms: Mapping[str, str]) -> list[Content]:
    """Return the products of the price list that a question is about."""
    if "operatingSystem" in terms:
        return list(_instances(region, terms["operatingSystem"]))
    return list(_volumes(region, terms["productFamily"]))


def _instances(region: str, system: str) -> Iterator[Content]:
    for row in rows_of("aws-instance-prices"):
        usd = row[_SYSTEMS[system]]
        if row["region"] == region and usd:
            told = {
                "instanceType": row["instance_type"],
                "operatingSystem": system,
                "tenancy": "Shared",
                "preInstalledSw": "NA",
                "capacitystatus": "Used",
                "licenseModel": "No License required",
                "usagetype": f"EUW2-BoxUsage:{row['instance_type']}",
            }
            yield product(region, "Compute Instance", told, "Hrs", usd)


def _volumes(region: str, family: str) -> Iterator[Content]:
    held = read_json(datasets()["aws-volumes"].file)[region]
    if family == "Storage":
        for kind, usd in held["ebs_gb_month"].items():
            told = {"volumeApiName": kind, "usagetype": f"EUW2-EBS:VolumeUsage.{kind}"}
            yield product(region, family, told, "GB-Mo", str(usd))
    if family == "System Operation":
        for kind, usd in held["ebs_iops_month"].items():
            told = {"volumeApiName": kind, "usagetype": f"EUW2-EBS:VolumeP-IOPS.{kind}"}
            yield product(region, family, told, "IOPS-Mo", str(usd))
    if family == "Provisioned Throughput":
        told = {"volumeApiName": "gp3", "usagetype": "EUW2-EBS:VolumeP-Throughput.gp3"}
        yield product(region, family, told, "GiBps-mo", "47.5136")
    if family == "Storage Snapshot":
        yield product(region, family, {"usagetype": "EUW2-EBS:SnapshotUsage"}, "GB-Mo", "0.053")


def product(region: str, family: str, told: Mapping[str, str], unit: str, usd: str) -> Content:
    """Return one product of the price list with its price on demand."""
    dimension = {"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": usd}}
    return {
        "product": {
            "productFamily": family,
            "sku": "SKU",
            "attributes": {"regionCode": region, "servicecode": "AmazonEC2", **told},
        },
        "serviceCode": "AmazonEC2",
        "terms": {
            "OnDemand": {"SKU.T": {"priceDimensions": {"SKU.T.D": dimension}}},
            "Reserved": {"SKU.R": {"termAttributes": {"LeaseContractLength": "1yr"}}},
        },
        "publicationDate": "2026-11-20T00:00:00Z",
    }


def skus(region: str) -> list[Content]:
    """Return the SKUs of a region."""
    return [
        _sku(row, region) for row in rows_of("azure-sizes") if region in row["regions"].split("|")
    ]


def _sku(row: Mapping[str, str], region: str) -> Content:
    can = {
        "vCPUs": row["vcpu"],
        "vCPUsAvailable": row["vcpu_constrained"] or row["vcpu"],
        "MemoryGB": row["memory_gib"],
        "CpuArchitectureType": row["arch"],
        "HyperVGenerations": row["generations"].replace("|", ","),
        "MaxDataDiskCount": row["max_data_disks"],
        "MaxNetworkInterfaces": row["max_nics"],
        "PremiumIO": "True" if row["premium_io"] == "1" else "False",
        "UncachedDiskIOPS": "6400",
        "UncachedDiskBytesPerSecond": "96000000",
    }
    return {
        "resourceType": "virtualMachines",
        "name": row["name"],
        "tier": "Standard",
        "family": row["family"],
        "locations": [region],
        "locationInfo": [{"location": region, "zones": ["3", "1", "2"]}],
        "capabilities": [{"name": name, "value": value} for name, value in can.items()],
        "restrictions": [],
    }


def retail(region: str, terms: Mapping[str, str]) -> list[Content]:
    """Return the retail prices that a question is about."""
    if terms["serviceName"] == "Virtual Machines":
        return list(_machines(region))
    return list(_disks(region, terms["productName"]))


def _machines(region: str) -> Iterator[Content]:
    for row in rows_of("azure-size-prices"):
        if row["region"] == region:
            for system, series in (("linux", "Series"), ("windows", "Series Windows")):
                if row[system]:
                    yield item(
                        region,
                        row[system],
                        armSkuName=row["name"],
                        productName=f"Virtual Machines {series}",
                        skuName=row["name"].removeprefix("Standard_").replace("_", " "),
                    )


def _disks(region: str, product_name: str) -> Iterator[Content]:
    for row in rows_of("azure-disks"):
        if row["tier"].split(" (")[0] in product_name:
            name = f"{row['size']} {row['redundancy']}"
            yield item(
                region,
                row["westeurope_usd_month"],
                armSkuName="",
                productName=product_name,
                skuName=name,
                meterName=f"{name} Disk",
                unitOfMeasure="1/Month",
                serviceName="Storage",
            )


def item(region: str, usd: str, **told: Any) -> Content:
    """Return one retail price (fields as documented)."""
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": float(usd),
        "unitPrice": float(usd),
        "armRegionName": region,
        "effectiveStartDate": "2024-01-01T00:00:00Z",
        "meterName": told.get("skuName", ""),
        "serviceName": "Virtual Machines",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        **told,
    }


def lifecycle() -> Content:
    """Return all of endoflife.date, as products/full tells it."""
    held = read_json(datasets()["lifecycle"].file)["products"]
    result = [_product(name, each) for name, each in held.items()]
    return {"schema_version": "1.2.1", "total": len(result), "result": result}


def _product(name: str, held: Mapping[str, Any]) -> Content:
    return {
        "name": name,
        "label": held["label"],
        "category": held["category"],
        "tags": held.get("tags") or [],
        "aliases": held.get("aliases") or [],
        "identifiers": [{"type": "cpe", "id": each} for each in held.get("cpe", ())],
        "labels": {"eoas": held.get("eoas_name"), "eoes": held.get("eoes_name")},
        "links": {"releasePolicy": held.get("policy")},
        "releases": [_release(each) for each in held["cycles"]],
    }


def _release(held: Mapping[str, Any]) -> Content:
    told: Content = {
        "name": str(held["cycle"]),
        "label": str(held.get("label", held["cycle"])),
        "codename": held.get("codename"),
        "releaseDate": str(held["release"])[:10] if "release" in held else None,
        "isLts": bool(held.get("lts")),
        "latest": {"name": held.get("latest"), "date": held.get("latest_date"), "link": None},
    }
    for phase in ("eoas", "eol", "eoes"):
        end = held.get(phase, False if phase == "eol" else None)
        if end is not None:
            name = phase.capitalize()
            told[f"is{name}"] = end if isinstance(end, bool) else end < "2026-11-23"
            told[f"{phase}From"] = None if isinstance(end, bool) else str(end)
    return told


@cache
def entries(question: Question) -> list[Content]:
    """Return all entries of the answer to a question, over all of its pages."""
    if question.source is Source.EC2:
        return types(question.region) if question.about == "types" else offerings(question.region)
    if question.source is Source.AWS_PRICES:
        return products(question.region, dict(question.terms))
    if question.source is Source.AZURE_PRICES:
        return retail(question.region, dict(question.terms))
    return skus(question.region)


KEYS = {
    "types": "InstanceTypes",
    "offerings": "InstanceTypeOfferings",
    "products": "PriceList",
    "prices": "Items",
    "skus": "value",
}


class MadeService:
    """A service of our own interface that answers with made pages, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Question, str | None]] = []
        self.fails_at: int | None = None
        """Which question, counted from nought, it does not answer."""
        self.error: Exception = AssertionError("no error was given")

    def page(self, question: Question, token: str | None) -> Page:
        """Return a page of what the catalogue holds."""
        if self.fails_at == len(self.asked):
            self.fails_at = None
            raise self.error
        self.asked.append((question, token))
        if question.source is Source.LIFECYCLE:
            return Page(content=lifecycle(), next=None)
        found, start = entries(question), int(token or 0)
        content: Content = {KEYS[question.about]: found[start : start + PER_PAGE]}
        if question.about == "prices":
            content["NextPageLink"] = None
        more = start + PER_PAGE < len(found)
        return Page(content=content, next=str(start + PER_PAGE) if more else None)

    def close(self) -> None:
        """Have nothing to let go of."""
