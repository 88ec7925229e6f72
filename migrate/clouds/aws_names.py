"""The id by which AWS's readers are asked of a resource, and know it again in answers. Pure."""

from __future__ import annotations

from typing import Final

_INSTANCE: Final = ":instance/"
_EC2: Final = ":ec2:"


def id_of(named: str) -> str:
    """Return an instance's bare id; anything else goes by its whole ARN, since names collide.

    >>> id_of("arn:aws:ec2:eu-west-2:123456789012:instance/i-1")
    'i-1'
    >>> id_of("arn:aws:rds:eu-west-2:123456789012:db:shop")
    'arn:aws:rds:eu-west-2:123456789012:db:shop'
    """
    if _EC2 in named and _INSTANCE in named:
        return named.rpartition("/")[2]
    return named


def service_of(named: str) -> str:
    """Return the service that an ARN names: ``rds``, ``s3``; ``ec2`` for a bare instance id."""
    return named.split(":", 3)[2] if named.startswith("arn:") else "ec2"


def name_of(named: str) -> str:
    """Return what a resource is called within its service and account.

    >>> name_of("arn:aws:s3:::shop-files"), name_of("arn:aws:rds:eu-west-2:1:db:shop")
    ('shop-files', 'shop')
    >>> name_of("arn:aws:fsx:eu-west-2:1:file-system/fs-1"), name_of("i-1")
    ('fs-1', 'i-1')
    """
    return named.rpartition("/")[2].rpartition(":")[2]
