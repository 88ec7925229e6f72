"""The owner of the service accepted its replacement."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="service-acceptance",
        what="The service's owner has tried what stands in its place, and accepts it.",
        role="service owner",
    ),
    max_age_days=90,
)
