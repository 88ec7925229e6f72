"""What each condition of a landing zone says of what its cloud tells: ready, not ready, unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from landings import DENIED, NOT_TOLD, NOW, SaidZones, landing, server

from inventory.model.cloud_calls import Provider
from migrate.clouds.zones import readers
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.landing import Landing
from migrate.model.landing_backups import Backups, Vault
from migrate.model.landing_connections import Connection, Connections
from migrate.model.landing_firewalls import Firewalls, Opening
from migrate.model.landing_keys import Key, Keys
from migrate.model.landing_licences import Licences
from migrate.model.landing_monitoring import Alert, Logs, Monitoring
from migrate.model.landing_names import Names, Resolution
from migrate.model.landing_policies import Policies, Restriction
from migrate.model.landing_quotas import Quota, Quotas
from migrate.model.landing_routes import Route, Routes, Via
from migrate.model.landing_sizes import Offered, Sizes
from migrate.model.landing_subnets import Subnet, Subnets
from migrate.model.landing_tags import Demand, TagRules
from migrate.zones import CONDITIONS, judged

PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN
ALL = CONDITIONS.all()
_NAMED: dict[str, Any] = {
    "subnets": ("subnet-1",),
    "security_groups": ("sg-1",),
    "vaults": ("vault",),
    "logs": ("logs",),
    "alerts": ("topic",),
    "keys": ("key",),
    "connections": ("vpn-1",),
}


def _said(name: str, aspect: object, asked: Landing) -> CheckResult:
    result = judged(SaidZones(aspects={type(aspect): aspect}), asked, ALL[name].value)
    assert result.detail
    json.dumps(dict(result.observed))
    return result


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_condition_says_what_it_judges(name: str) -> None:
    """It has words for the reference, and a reader for each cloud."""
    condition = ALL[name].value
    for words in (condition.passes, condition.fails, condition.unknown):
        assert words.endswith(".")
    for provider in Provider:
        assert condition.aspect in readers(provider)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_cloud_that_does_not_tell_leaves_it_unknown(name: str) -> None:
    """With its reason, whatever the zone names."""
    asked = landing(server(windows=True), brings_windows=True, **_NAMED)
    result = judged(SaidZones(aspects={ALL[name].value.aspect: DENIED}), asked, ALL[name].value)
    assert result.outcome is UNKNOWN
    assert "needs privilege" in result.detail


@pytest.mark.parametrize(
    "name", ["addresses", "backups", "connections", "keys", "names", "routes", "security-groups"]
)
def test_a_zone_that_names_nothing_is_not_asked(name: str) -> None:
    """It is unknown, and says what to write; the cloud is spared."""
    zones = SaidZones()
    result = judged(zones, landing(server()), ALL[name].value)
    assert result.outcome is UNKNOWN
    assert "without" in result.detail
    assert not zones.asked


def _quotas(limit: Any = 100, used: Any = 90, tib: Any = 50, **more: Any) -> Quotas:
    return Quotas(
        **{
            "quotas": (
                Quota(id="L-1", name="Standard", unit="vCPUs", limit=limit, used=used),
                Quota(id="L-2", name="gp3", unit="TiB", limit=tib, used=1.25),
            ),
            "of_size": {"m5.large": ("L-1",)},
            "of_disk": {"gp3": "L-2"},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("told", "servers", "outcome", "words"),
    [
        (
            _quotas(),
            [server()] * 5,
            PASSED,
            "Standard (L-1): 100 vCPUs, less 90 in use and 10 needed, leaves 0",
        ),
        (_quotas(), [server()] * 6, FAILED, "less 90 in use and 12 needed, is 2 too few"),
        (_quotas(tib=2), [server()] * 2, FAILED, "2 TiB, less 1.25 in use and 1 needed, is 0.25"),
        (_quotas(limit=NOT_TOLD), [server()], UNKNOWN, "2 vCPUs are needed; unknown: not told"),
        (_quotas(used=DENIED), [server()], UNKNOWN, "unknown: needs privilege"),
        (_quotas(of_size={}), [server()], UNKNOWN, "no quota for m5.large"),
        (_quotas(of_size={"m5.large": NOT_TOLD}), [server()], UNKNOWN, "made for this test"),
        (_quotas(of_disk={}), [server()], UNKNOWN, "no quota for gp3 disks"),
        (_quotas(of_size={"m5.large": ("L-9",)}), [server()], UNKNOWN, "quota L-9 is not told"),
        (_quotas(), [server(disks=None)], UNKNOWN, "disks not known of web-1"),
        (_quotas(), [], UNKNOWN, "nothing is to land here"),
    ],
)
def test_quotas_are_added_up(told: Quotas, servers: Any, outcome: Outcome, words: str) -> None:
    """The arithmetic is shown. A quota whose limit or use is not told is never enough."""
    result = _said("quotas", told, landing(*servers))
    assert result.outcome is outcome
    assert words in result.detail


def test_a_server_without_a_size_leaves_quotas_unknown() -> None:
    """Unless they are too small already without it."""
    short = ("db-1 (never classified for aws)",)
    assert _said("quotas", _quotas(), landing(server(), unsized=short)).outcome is UNKNOWN
    result = _said("quotas", _quotas(used=99), landing(server(), unsized=short))
    assert result.outcome is FAILED


@pytest.mark.parametrize(
    ("offered", "zone", "outcome"),
    [
        ({"m5.large": Offered(region=True, zones=("a", "b"))}, {}, PASSED),
        (
            {"m5.large": Offered(region=True, zones=("a", "b"))},
            {"availability_zones": ("a", "c")},
            FAILED,
        ),
        ({"m5.large": Offered(region=False)}, {}, FAILED),
        ({"m5.large": Offered(region=True, zones=("a",), refused="QuotaId")}, {}, FAILED),
        ({}, {}, FAILED),
    ],
)
def test_sizes_are_offered_where_they_are_to_land(
    offered: Any, zone: Any, outcome: Outcome
) -> None:
    """In the region, and in each availability zone that the estate asks for."""
    assert _said("sizes", Sizes(offered=offered), landing(server(), **zone)).outcome is outcome


def _subnets(**free: Any) -> Subnets:
    return Subnets(
        subnets={
            name.replace("_", "-"): Subnet(prefix="10.9.0.0/24", free=each)
            for name, each in free.items()
        }
    )


@pytest.mark.parametrize(
    ("told", "needed", "outcome"),
    [
        (_subnets(subnet_1=2, subnet_2=1), 3, PASSED),
        (_subnets(subnet_1=2, subnet_2=1), 4, FAILED),
        (_subnets(subnet_1=2, subnet_2=NOT_TOLD), 2, PASSED),
        (_subnets(subnet_1=2, subnet_2=NOT_TOLD), 3, UNKNOWN),
        (_subnets(subnet_1=200), 3, FAILED),
    ],
)
def test_addresses_are_enough_over_all_subnets(
    told: Subnets, needed: int, outcome: Outcome
) -> None:
    """A subnet that does not exist fails, however many others have."""
    asked = landing(server(addresses=needed), subnets=("subnet-1", "subnet-2"))
    assert _said("addresses", told, asked).outcome is outcome


_TO = Via.ON_PREMISE


def _routes(*routes: tuple[str, Via]) -> Routes:
    made = tuple(Route(prefix=prefix, via=via, target="there") for prefix, via in routes)
    return Routes(routes={"subnet-1": made})


@pytest.mark.parametrize(
    ("told", "wanted", "outcome"),
    [
        (_routes(("10.0.0.0/8", _TO)), ("10.1.0.0/16",), PASSED),
        (_routes(("0.0.0.0/0", _TO)), ("10.1.0.0/16",), PASSED),
        (_routes(("0.0.0.0/0", _TO), ("10.1.0.0/16", Via.INTERNET)), ("10.1.0.0/16",), FAILED),
        (_routes(("0.0.0.0/0", Via.INTERNET), ("10.0.0.0/8", _TO)), ("10.1.0.0/16",), PASSED),
        (_routes(("0.0.0.0/0", Via.INTERNET)), ("10.1.0.0/16",), FAILED),
        (_routes(("10.1.2.0/24", _TO)), ("10.1.0.0/16",), FAILED),
        (_routes(("10.0.0.0/8", _TO)), ("10.1.0.0/16", "192.168.0.0/16"), FAILED),
        (_routes(("10.0.0.0/8", Via.DROPPED)), ("10.1.0.0/16",), FAILED),
        (_routes(("10.0.0.0/8", Via.INSIDE)), ("10.1.0.0/16",), FAILED),
        (_routes(("10.0.0.0/8", Via.APPLIANCE)), ("10.1.0.0/16",), UNKNOWN),
        (_routes(("0.0.0.0/0", Via.INTERNET), ("", _TO)), ("10.1.0.0/16",), UNKNOWN),
        (_routes(("10.0.0.0/8", _TO), ("172.16.0.0/12", Via.BLACKHOLE)), ("10.1.0.0/16",), FAILED),
        (_routes(("::/0", _TO)), ("10.1.0.0/16",), FAILED),
        (_routes(("::/0", _TO)), ("fd00::/8",), PASSED),
        (_routes(("0.0.0.0/0", Via.INTERNET)), (), PASSED),
        (_routes(("10.0.0.0/8", _TO)), (), PASSED),
        (_routes(("10.9.0.0/16", Via.INSIDE)), (), FAILED),
        (Routes(routes={}), (), FAILED),
        (Routes(routes={"subnet-1": NOT_TOLD}), (), UNKNOWN),
    ],
)
def test_the_longest_prefix_decides_where_packets_go(
    told: Routes, wanted: Any, outcome: Outcome
) -> None:
    """What leads to an appliance, or is learnt by a gateway, is not known to arrive."""
    asked = landing(subnets=("subnet-1",), on_premise=wanted)
    assert _said("routes", told, asked).outcome is outcome


def _gateway(*beyond: tuple[str, Via]) -> Route:
    """Return a route to a transit gateway with that table."""
    inner = tuple(Route(prefix=prefix, via=via, target="there") for prefix, via in beyond)
    return Route(prefix="10.0.0.0/8", via=_TO, target="tgw-1", beyond=inner)


@pytest.mark.parametrize(
    ("way", "outcome", "words"),
    [
        (_gateway(("10.1.0.0/16", _TO)), PASSED, "by tgw-1: 10.1.0.0/16 goes by 10.1.0.0/16"),
        (_gateway(("0.0.0.0/0", _TO), ("10.9.0.0/16", Via.NETWORK)), PASSED, "goes by 0.0.0.0/0"),
        (_gateway(), FAILED, "by tgw-1 has no route to 10.1.0.0/16"),
        (_gateway(("10.1.2.0/24", _TO)), FAILED, "routes to parts of it: 10.1.2.0/24"),
        (_gateway(("10.1.0.0/16", Via.BLACKHOLE)), FAILED, "there, which is gone"),
        (_gateway(("10.1.0.0/16", Via.NETWORK)), UNKNOWN, "decides by itself"),
        (_gateway(("10.1.0.0/16", Via.APPLIANCE)), UNKNOWN, "decides by itself"),
        (_gateway(("10.1.0.0/16", _TO), ("10.1.2.0/24", Via.NETWORK)), PASSED, ""),
        (_gateway(("10.1.0.0/16", _TO), ("10.1.2.0/24", Via.APPLIANCE)), UNKNOWN, "10.1.2.0/24"),
        (
            _gateway(
                ("10.1.0.0/16", _TO), ("10.1.2.0/24", Via.APPLIANCE), ("10.1.3.0/24", Via.BLACKHOLE)
            ),
            FAILED,
            "goes by 10.1.3.0/24 to there, which is gone",
        ),
        (
            Route(prefix="10.0.0.0/8", via=_TO, target="tgw-1", beyond=DENIED),
            UNKNOWN,
            f"from there: {DENIED.detail}",
        ),
    ],
)
def test_a_transit_gateways_own_table_decides_where_packets_go_on(
    way: Route, outcome: Outcome, words: str
) -> None:
    """A route to the gateway alone is no way to the data centre."""
    asked = landing(subnets=("subnet-1",), on_premise=("10.1.0.0/16",))
    result = _said("routes", Routes(routes={"subnet-1": (way,)}), asked)
    assert result.outcome is outcome
    assert words in result.detail


@pytest.mark.parametrize(
    ("way", "outcome"),
    [
        (_gateway(("10.1.0.0/16", _TO)), PASSED),
        (_gateway(("10.9.0.0/16", Via.NETWORK)), FAILED),
        (Route(prefix="0.0.0.0/0", via=_TO, target="tgw-1", beyond=DENIED), UNKNOWN),
        (replace(_gateway(("0.0.0.0/0", Via.NETWORK)), prefix="0.0.0.0/0"), PASSED),
    ],
)
def test_where_nothing_on_premise_is_named_there_is_some_way_out(
    way: Route, outcome: Outcome
) -> None:
    """Through a gateway that leads to it, or to a network which may."""
    result = _said("routes", Routes(routes={"subnet-1": (way,)}), landing(subnets=("subnet-1",)))
    assert result.outcome is outcome


@pytest.mark.parametrize(
    ("via", "outcome"),
    [
        (Via.INTERNET, FAILED),
        (Via.DROPPED, FAILED),
        (Via.INSIDE, PASSED),
        (Via.APPLIANCE, UNKNOWN),
        (Via.OTHER, FAILED),
    ],
)
def test_a_part_that_goes_elsewhere_is_told(via: Via, outcome: Outcome) -> None:
    """The network itself may be a part of what is called on premise; the internet may not."""
    asked = landing(subnets=("subnet-1",), on_premise=("10.0.0.0/8",))
    told = _routes(("0.0.0.0/0", _TO), ("10.9.0.0/16", via))
    assert _said("routes", told, asked).outcome is outcome


def test_what_a_condition_cannot_read_is_unknown() -> None:
    """A prefix that is none costs that condition, and nothing else of the run."""
    asked = landing(subnets=("subnet-1",), on_premise=("10.1.0.0/16",))
    result = _said("routes", _routes(("everywhere/0", _TO)), asked)
    assert result.outcome is UNKNOWN
    assert "everywhere/0" in result.detail


def _resolution(**more: Any) -> Names:
    made = {"provider": True, "hostnames": True, "servers": (), "forwarded": (), **more}
    return Names(networks={"vpc-1": Resolution(**made)})


@pytest.mark.parametrize(
    ("told", "domains", "outcome"),
    [
        (_resolution(), (), PASSED),
        (_resolution(forwarded=("council.internal",)), ("hr.council.internal",), PASSED),
        (_resolution(forwarded=("",)), ("council.internal",), PASSED),
        (_resolution(forwarded=("ncil.internal",)), ("council.internal",), FAILED),
        (_resolution(forwarded=DENIED), ("council.internal",), UNKNOWN),
        (_resolution(forwarded=DENIED), (), PASSED),
        (_resolution(servers=("10.1.0.53",)), ("council.internal",), UNKNOWN),
        (_resolution(servers=("10.1.0.53",), provider=False), (), PASSED),
        (_resolution(provider=False), (), FAILED),
        (_resolution(hostnames=False), (), FAILED),
        (_resolution(broken=("council.internal: rule FAILED",)), (), FAILED),
        (Names(networks={}), (), UNKNOWN),
    ],
)
def test_names_are_resolved(told: Names, domains: Any, outcome: Outcome) -> None:
    """Domains of the data centre by a rule or zone that holds them."""
    asked = landing(subnets=("subnet-1",), domains=domains)
    assert _said("names", told, asked).outcome is outcome


def _open(*openings: tuple[str, int, int]) -> Firewalls:
    made = tuple(Opening(protocol=each, first=first, last=last) for each, first, last in openings)
    return Firewalls(open_to_world={"sg-1": made})


@pytest.mark.parametrize(
    ("told", "outcome", "words"),
    [
        (_open(), PASSED, "lets nothing in"),
        (_open(("tcp", 443, 443)), PASSED, "as meant"),
        (_open(("tcp", 443, 444)), FAILED, "tcp 443-444"),
        (_open(("udp", 443, 443)), FAILED, "udp 443"),
        (_open(("all", 0, 65535)), FAILED, "everything"),
        (_open(("tcp", 0, 65535)), FAILED, "every port of tcp"),
        (Firewalls(open_to_world={}), FAILED, "there is no security group sg-1"),
    ],
)
def test_security_groups_open_what_they_may(told: Firewalls, outcome: Outcome, words: str) -> None:
    """To the world, and nothing else."""
    result = _said("security-groups", told, landing(security_groups=("sg-1",), open_ports=(443,)))
    assert result.outcome is outcome
    assert words in result.detail


@pytest.mark.parametrize(
    ("demand", "tags", "outcome"),
    [
        (Demand(policy="p", required=True), {"Cost": "IT"}, PASSED),
        (Demand(policy="p", required=True), {}, FAILED),
        (Demand(policy="p"), {}, PASSED),
        (Demand(policy="p", values=("IT", "H*")), {"Cost": "HR"}, PASSED),
        (Demand(policy="p", values=("IT", "H*")), {"Cost": "it"}, FAILED),
        (Demand(policy="p"), {"cost": "IT"}, FAILED),
    ],
)
def test_tags_are_as_policies_want(demand: Demand, tags: Any, outcome: Outcome) -> None:
    """Their names are written as the policy does."""
    told = TagRules(demands={"Cost": (demand,)})
    assert _said("tags", told, landing(tags=tags)).outcome is outcome


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (TagRules(demands={}), PASSED),
        (TagRules(demands={}, not_read=("a policy",)), UNKNOWN),
        (TagRules(demands={}, refusals=("a policy",), not_read=("another",)), FAILED),
    ],
)
def test_tag_policies_that_are_not_understood_are_unknown(told: TagRules, outcome: Outcome) -> None:
    """A refusal goes before them."""
    assert _said("tags", told, landing()).outcome is outcome


@pytest.mark.parametrize(
    ("restriction", "outcome"),
    [
        ({"regions": ("eu-west-2",)}, PASSED),
        ({"regions": ("eu-*",)}, PASSED),
        ({"regions": ("eu-west-1",)}, FAILED),
        ({"regions": ("eu-west-1",), "unless": "ArnNotLike aws:PrincipalArn"}, UNKNOWN),
        ({"regions": ("eu-west-2",), "unless": "ArnNotLike aws:PrincipalArn"}, PASSED),
        ({"never_regions": ("eu-west-2",)}, FAILED),
        ({"sizes": ("m5.*", "t3.*")}, PASSED),
        ({"sizes": ("t3.*",)}, FAILED),
        ({"never_sizes": ("*.large",)}, FAILED),
        ({"forbids": "ec2:RunInstances"}, FAILED),
        ({"without_tags": ("Owner", "Cost")}, PASSED),
        ({"without_tags": ("Owner",)}, FAILED),
    ],
)
def test_policies_forbid_regions_and_sizes(restriction: Any, outcome: Outcome) -> None:
    """What hangs on further conditions is unknown where it would forbid."""
    told = Policies(restrictions=(Restriction(policy="p", **restriction),))
    assert _said("policies", told, landing(server(), tags={"Cost": "IT"})).outcome is outcome


def test_policies_that_are_not_understood_are_unknown() -> None:
    """Without any nothing is forbidden; one on sizes judges no server that has none."""
    doubtful = Policies(restrictions=(), not_read=("p",))
    assert _said("policies", doubtful, landing()).outcome is UNKNOWN
    assert _said("policies", Policies(restrictions=()), landing()).outcome is PASSED
    sizes = Policies(restrictions=(Restriction(policy="p", sizes=("m5.*",)),))
    unsized = landing(server(), unsized=("db-1 (never classified for aws)",))
    assert _said("policies", sizes, unsized).outcome is UNKNOWN


def _vault(**more: Any) -> Backups:
    made = {"usable": True, "locked": True, "encrypted": True, "plans": ("daily",), **more}
    return Backups(vaults={"vault": Vault(**made)})


@pytest.mark.parametrize(
    ("told", "outcome", "words"),
    [
        (_vault(), PASSED, "locked, by daily"),
        (_vault(locked=False), PASSED, "not locked"),
        (_vault(locked=NOT_TOLD), PASSED, "whether it is locked is unknown"),
        (_vault(usable=False, state="CREATING"), FAILED, "vault is CREATING"),
        (_vault(usable=NOT_TOLD), UNKNOWN, "not told"),
        (_vault(encrypted=False), FAILED, "not encrypted"),
        (_vault(plans=()), FAILED, "no plan"),
        (_vault(plans=DENIED), UNKNOWN, "needs privilege"),
        (Backups(vaults={}), FAILED, "there is no backup vault vault"),
    ],
)
def test_vaults_are_ready_and_planned_for(told: Backups, outcome: Outcome, words: str) -> None:
    """Whether they are locked is told, not judged."""
    result = _said("backups", told, landing(vaults=("vault",)))
    assert result.outcome is outcome
    assert words in result.detail


_ALERT = Alert(receivers=("1 email",))


@pytest.mark.parametrize(
    ("logs", "alerts", "outcome"),
    [
        ({"logs": Logs(usable=True)}, {"topic": _ALERT}, PASSED),
        ({"logs": Logs(usable=False, state="Failed")}, {"topic": _ALERT}, FAILED),
        ({"logs": Logs(usable=NOT_TOLD)}, {"topic": _ALERT}, UNKNOWN),
        ({}, {"topic": _ALERT}, FAILED),
        (DENIED, {"topic": _ALERT}, UNKNOWN),
        (DENIED, {"topic": Alert(receivers=())}, FAILED),
        ({"logs": Logs(usable=True)}, {}, FAILED),
        ({"logs": Logs(usable=True)}, {"topic": DENIED}, UNKNOWN),
        ({"logs": Logs(usable=True)}, DENIED, UNKNOWN),
    ],
)
def test_monitoring_reaches_somebody(logs: Any, alerts: Any, outcome: Outcome) -> None:
    """And has somewhere for logs to go."""
    told = Monitoring(logs=logs, alerts=alerts)
    asked = landing(logs=("logs",), alerts=("topic",))
    assert _said("monitoring", told, asked).outcome is outcome


def test_monitoring_that_is_not_named_is_unknown() -> None:
    """Half of it is not enough."""
    told = Monitoring(logs={"logs": Logs(usable=True)}, alerts={})
    result = _said("monitoring", told, landing(logs=("logs",)))
    assert result.outcome is UNKNOWN
    assert "alerts = [...]" in result.detail


def _key(**more: Any) -> Keys:
    return Keys(keys={"key": Key(**{"enabled": True, "rotated": True, **more})})


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (_key(), PASSED),
        (_key(expires=NOW + timedelta(days=91)), PASSED),
        (_key(expires=NOW + timedelta(days=89)), FAILED),
        (_key(begins=NOW + timedelta(days=1)), FAILED),
        (_key(begins=NOW), PASSED),
        (_key(enabled=False), FAILED),
        (_key(enabled=NOT_TOLD), UNKNOWN),
        (_key(rotated=False), FAILED),
        (_key(rotated=DENIED), UNKNOWN),
        (Keys(keys={"key": DENIED}), UNKNOWN),
        (Keys(keys={}), FAILED),
    ],
)
def test_keys_can_be_used_and_last(told: Keys, outcome: Outcome) -> None:
    """For ninety days at the least."""
    assert _said("keys", told, landing(keys=("key",))).outcome is outcome


def _licences(**more: Any) -> Licences:
    return Licences(**{"counted_by": "Core", "owned": 20, "used": 8, "where": "here", **more})


@pytest.mark.parametrize(
    ("told", "vcpus", "outcome"),
    [
        (_licences(), 2, PASSED),
        (_licences(), 12, PASSED),
        (_licences(), 13, FAILED),
        (_licences(owned=15), 2, FAILED),
        (_licences(counted_by="vCPU", owned=10), 2, PASSED),
        (_licences(counted_by="Instance", owned=8), 2, FAILED),
        (_licences(counted_by="Socket"), 2, UNKNOWN),
        (_licences(owned=None), 2, UNKNOWN),
        (_licences(owned=NOT_TOLD), 2, UNKNOWN),
        (_licences(used=DENIED), 2, UNKNOWN),
    ],
)
def test_licences_are_enough(told: Licences, vcpus: int, outcome: Outcome) -> None:
    """A server of Windows takes eight cores at the least where cores are counted."""
    asked = landing(server(vcpus=vcpus, windows=True), brings_windows=True)
    assert _said("licences", told, asked).outcome is outcome


def test_licences_that_are_not_brought_are_rented() -> None:
    """Then the cloud is not asked; a server that may be of Windows leaves it unknown otherwise."""
    zones = SaidZones()
    result = judged(zones, landing(server(windows=True)), ALL["licences"].value)
    assert (result.outcome, zones.asked) == (PASSED, [])
    doubtful = landing(server(windows=None), brings_windows=True)
    assert _said("licences", _licences(), doubtful).outcome is UNKNOWN


def _line(**more: Any) -> Connections:
    made = {"kind": "VPN", "up": True, "lines": 2, "of": 2, "detail": "available", **more}
    return Connections(connections={"vpn-1": Connection(**made)})


@pytest.mark.parametrize(
    ("told", "outcome", "words"),
    [
        (_line(), PASSED, "2 of 2 up"),
        (_line(lines=1), PASSED, "nothing takes over"),
        (_line(up=False, lines=0), FAILED, "0 of 2 up"),
        (_line(up=NOT_TOLD), UNKNOWN, "not told"),
        (Connections(connections={}), FAILED, "there is no connection vpn-1"),
    ],
)
def test_connections_are_up(told: Connections, outcome: Outcome, words: str) -> None:
    """One that has nothing to take over from it says so."""
    result = _said("connections", told, landing(connections=("vpn-1",)))
    assert result.outcome is outcome
    assert words in result.detail
