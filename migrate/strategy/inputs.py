"""What the decision table may ask: each input by name, its values, and how it is found out.

An input is a set of words that hold of an application, or unknown with the reason. A row can ask
for no other input and, where the words are a closed set, for no other word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inventory.model.fact import Fact

Value = Fact[frozenset[str]]
"""The words that hold; most inputs have one."""
Inputs = Mapping[str, Value]
"""Input → what is known of it."""

_YES_NO: Final = ("yes", "no")
_READINESS: Final = ("ready", "conditions", "not-ready")


@dataclass(frozen=True, kw_only=True)
class Input:
    """One thing that a row may ask for."""

    help: str
    find_out: str
    """What to do when it is not known."""
    values: tuple[str, ...] = ()
    """The words that it can be; empty when they are an open set."""
    by_cloud: bool = False
    """Whether it differs from cloud to cloud."""


INPUTS: Final[Mapping[str, Input]] = {
    "usage": Input(
        help="How busy its servers are: the busiest counts",
        find_out="learn its use over months: decant discover --with usage-history, or an export",
        values=("in-use", "idle", "zombie"),
    ),
    "clients": Input(
        help="Whether anything else was seen to use its servers; no only when each was looked at",
        find_out="look at connections on each of its servers: decant discover with privileges",
        values=_YES_NO,
    ),
    "power": Input(
        help="Whether its servers are switched on: on when any is",
        find_out="import an export of the hypervisor: decant import rvtools",
        values=("on", "off"),
    ),
    "told-retired": Input(
        help="Whether an inventory calls all of its servers retired",
        find_out="ask its owner whether it is still needed",
        values=_YES_NO,
    ),
    "fit": Input(
        help="Will it run there: the verdict of its worst server",
        find_out="collect what the verdict on fit lacks: decant classify --explain",
        values=_READINESS,
        by_cloud=True,
    ),
    "move": Input(
        help="Can it be moved there: the verdict of its worst server",
        find_out="collect what the verdict on move lacks: decant classify --explain",
        values=_READINESS,
        by_cloud=True,
    ),
    "support": Input(
        help="Is it maintained: the verdict of its worst server",
        find_out="collect what the verdict on support lacks: decant classify --explain",
        values=_READINESS,
        by_cloud=True,
    ),
    "system-support-ended": Input(
        help="Whether the operating system of one of its servers is no longer maintained",
        find_out="find out the release of its servers' operating systems",
        values=_YES_NO,
    ),
    "physical-tie": Input(
        help="Whether a device holds one of its servers to the building",
        find_out="look at the devices of its servers: decant discover, or an export of hardware",
        values=_YES_NO,
    ),
    "runs": Input(
        help="Categories of what was recognised on its servers",
        find_out="find out what runs on its servers: decant discover with privileges",
    ),
    "only-runs": Input(
        help="The same; a row that asks for it wants nothing else to be there",
        find_out="find out what runs on its servers: decant discover with privileges",
    ),
    "software": Input(
        help="Identifiers of the software that was recognised on its servers",
        find_out="find out what runs on its servers: decant discover with privileges",
    ),
    "managed-service": Input(
        help="Whether the cloud has a managed service for each product that it consists of",
        find_out="find out what runs on its servers: decant discover with privileges",
        values=_YES_NO,
        by_cloud=True,
    ),
    "vendor-product": Input(
        help="Whether it is a product that is bought from a supplier",
        find_out="say which product it is: decant suppliers note PRODUCT --supplier NAME",
        values=_YES_NO,
    ),
    "saas": Input(
        help="Whether the supplier offers it as a service, as the supplier answered",
        find_out="ask the supplier, and keep the answer: decant suppliers answer PRODUCT",
        values=_YES_NO,
    ),
    "supplier-allows-cloud": Input(
        help="Whether the supplier supports it on servers in a public cloud, as answered",
        find_out="ask the supplier, and keep the answer: decant suppliers answer PRODUCT",
        values=_YES_NO,
    ),
    "contract-ends": Input(
        help="Whether its contract ends before the Hub opens or after",
        find_out="note the contract's end, and hub_opens in decant.toml",
        values=("before-hub", "after-hub"),
    ),
    "virtualisation": Input(
        help="What its servers run on: vmware, kvm, none …; several words when they differ",
        find_out="find out what its servers run on: decant discover, or a hypervisor's export",
    ),
    "environment": Input(
        help="What its servers are for, as inventories say: production, test …",
        find_out="tag its servers with their environment and import the tags",
    ),
}

WHOLE: Final = frozenset({"only-runs", "virtualisation", "environment"})
"""Inputs of which all words must be among those that a row asks for; of others one is enough."""
