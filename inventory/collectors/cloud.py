"""Which cloud the server runs in, as its firmware and cloud-init say. No cloud is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import DMI, value
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import CLOUD, CLOUD_INSTANCE, CLOUD_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_ID: Final = "/run/cloud-init/cloud-id"
_INSTANCE: Final = "/var/lib/cloud/data/instance-id"
_XEN_UUID: Final = "/sys/hypervisor/uuid"
_FIRMWARE: Final = (
    ("sys_vendor", "amazon ec2", "aws"),
    ("bios_version", "amazon", "aws"),
    ("chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77", "azure"),
    ("product_name", "google compute engine", "gcp"),
    ("chassis_asset_tag", "oraclecloud", "oci"),
    ("chassis_asset_tag", "opentelekomcloud", "openstack"),
    ("chassis_asset_tag", "huaweicloud", "huawei"),
    ("chassis_asset_tag", "sap ccloud", "openstack"),
    ("chassis_asset_tag", "ibmcloud", "ibm"),
    ("product_name", "openstack", "openstack"),
    ("product_name", "alibaba cloud", "alibaba"),
    ("sys_vendor", "tencent cloud", "tencent"),
    ("sys_vendor", "digitalocean", "digitalocean"),
    ("sys_vendor", "hetzner", "hetzner"),
    ("sys_vendor", "vultr", "vultr"),
    ("sys_vendor", "scaleway", "scaleway"),
    ("sys_vendor", "upcloud", "upcloud"),
    ("sys_vendor", "akamai", "akamai"),
    ("sys_vendor", "linode", "akamai"),
    ("product_name", "exoscale", "exoscale"),
    ("product_name", "cloudstack", "cloudstack"),
)
"""What marks a cloud in the firmware of its machines: cloud-init's tools/ds-identify, and each
provider's documentation."""
_WORDS: Final = {
    "aliyun": "alibaba",
    "ec2": "aws",
    "gce": "gcp",
    "ibmcloud": "ibm",
    "oracle": "oci",
    **{cloud: cloud for _, _, cloud in _FIRMWARE},
}
"""Words of ``cloud-id`` that name a cloud. Others, such as nocloud and vmware, name only where
cloud-init was given its settings."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    cloud = _of_firmware(answer.files) or _WORDS.get((value(answer.files, _ID) or "").lower())
    if cloud:
        return (CLOUD.known(cloud), _instance(cloud, answer), _type(cloud, answer))
    if value(answer.files, f"{DMI}/sys_vendor"):
        return (CLOUD.known("none"),)
    return (CLOUD.unknown(Reason.NOT_TOLD, "neither the firmware nor cloud-init says it"),)


def _of_firmware(files: Mapping[str, str]) -> str | None:
    for name, mark, cloud in _FIRMWARE:
        if mark in (value(files, f"{DMI}/{name}") or "").lower():
            return cloud
    return "aws" if (value(files, _XEN_UUID) or "").lower().startswith("ec2") else None


def _instance(cloud: str, answer: Answer) -> Observation:
    tag = value(answer.files, f"{DMI}/board_asset_tag") or ""
    if cloud == "aws" and tag.startswith("i-"):
        return CLOUD_INSTANCE.known(tag)
    said = value(answer.files, _INSTANCE) or ""
    if said and not said.startswith(("iid-datasource", "nocloud")):
        return CLOUD_INSTANCE.known(said)
    return CLOUD_INSTANCE.unknown(Reason.NOT_TOLD, f"there is no {_INSTANCE}")


def _type(cloud: str, answer: Answer) -> Observation:
    product = value(answer.files, f"{DMI}/product_name") or ""
    if cloud == "aws" and "." in product and " " not in product:
        return CLOUD_TYPE.known(product)
    return CLOUD_TYPE.unknown(Reason.NOT_TOLD, "this cloud's firmware does not name it")


_NAMES: Final = (*dict.fromkeys(name for name, _, _ in _FIRMWARE), "board_asset_tag")

COLLECTOR = Collector(
    files=(*(f"{DMI}/{name}" for name in _NAMES), _ID, _INSTANCE, _XEN_UUID),
    tells=(CLOUD, CLOUD_INSTANCE, CLOUD_TYPE),
    read=_read,
    examples=(
        Example(
            system="amazon linux 2023 (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Amazon EC2\n",
                f"{DMI}/product_name": "m5.large\n",
                f"{DMI}/board_asset_tag": "i-0a1b2c3d4e5f60718\n",
                _ID: "aws\n",
            },
            expected=(
                CLOUD.known("aws"),
                CLOUD_INSTANCE.known("i-0a1b2c3d4e5f60718"),
                CLOUD_TYPE.known("m5.large"),
            ),
        ),
        Example(
            system="rhel 7 on an old kind of ec2 instance (words as people quote dmidecode)",
            files={
                f"{DMI}/sys_vendor": "Xen\n",
                f"{DMI}/product_name": "HVM domU\n",
                f"{DMI}/bios_version": "4.11.amazon\n",
            },
            expected=(
                CLOUD.known("aws"),
                CLOUD_TYPE.unknown(Reason.NOT_TOLD, "this cloud's firmware does not name it"),
            ),
        ),
        Example(
            system="ubuntu 22.04 on azure (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Microsoft Corporation\n",
                f"{DMI}/product_name": "Virtual Machine\n",
                f"{DMI}/chassis_asset_tag": "7783-7084-3265-9085-8269-3286-77\n",
                _INSTANCE: "2f5e9f5c-8d61-4d3b-9e5e-0d7b0d9f3c11\n",
            },
            expected=(
                CLOUD.known("azure"),
                CLOUD_INSTANCE.known("2f5e9f5c-8d61-4d3b-9e5e-0d7b0d9f3c11"),
            ),
        ),
        Example(
            system="ubuntu 22.04 on a hyper-v of one's own (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Microsoft Corporation\n",
                f"{DMI}/product_name": "Virtual Machine\n",
                _ID: "nocloud\n",
                _INSTANCE: "iid-datasource-none\n",
            },
            expected=(CLOUD.known("none"),),
        ),
        Example(
            system="debian 12 in a microvm without SMBIOS",
            expected=(
                CLOUD.unknown(Reason.NOT_TOLD, "neither the firmware nor cloud-init says it"),
            ),
        ),
    ),
)
