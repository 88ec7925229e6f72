"""Licence configurations of AWS License Manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AwsZoneAsked
from migrate.model.landing_licences import Licences
from migrate.model.reader import Reader


def _read(asked: AwsZoneAsked) -> Mapping[str, Licences | Unknown]:
    from inventory.clouds.aws_reach import pages

    wanted = asked.zone.windows_licences
    if not wanted:
        detail = "name License Manager's configuration: windows_licences = … of the landing zone"
        return {asked.id: Unknown(reason=Reason.NOT_ASKED, detail=detail)}
    found = pages(
        asked.client("license-manager"),
        "list_license_configurations",
        "LicenseConfigurations",
        LicenseConfigurationArns=[wanted],
    )
    missing = Unknown(reason=Reason.NOT_TOLD, detail=f"License Manager has no {wanted}")
    return {asked.id: next((licences(each) for each in found), missing)}


def licences(said: Mapping[str, Any]) -> Licences:
    """Make it of a licence configuration. Pure."""
    silent = Unknown(reason=Reason.NOT_TOLD, detail="License Manager does not say")
    return Licences(
        counted_by=said["LicenseCountingType"],
        owned=said.get("LicenseCount"),
        used=said.get("ConsumedLicenses", silent),
        refuses=bool(said.get("LicenseCountHardLimit")),
        where=f"licence configuration {said.get('Name')}",
    )


READER = Reader(
    tells=Licences,
    calls=(aws_call("license-manager:ListLicenseConfigurations"),),
    read=_read,
)
