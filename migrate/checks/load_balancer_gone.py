"""No load balancer, proxy or firewall sends anybody to the old server any more."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="load-balancer-entry-removed",
        what="It is out of every load balancer, reverse proxy and firewall rule, each named.",
    ),
)
