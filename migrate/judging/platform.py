"""Which rules concern physical servers, which those on a hypervisor: VMware's, or any."""

from __future__ import annotations

from collections.abc import Callable

from inventory.model.fact import Facts, Known
from inventory.model.facts import VIRTUALISATION
from migrate.judging.reading import Judge
from migrate.model.rule import CannotTell, Judgement, NotApplicable, Surroundings

PHYSICAL = "none"
VMWARE = "vmware"
CONTAINERS = frozenset(
    {"container", "container-other", "docker", "lxc", "lxc-libvirt", "openvz", "podman", "proot"}
    | {"jail", "pouch", "rkt", "systemd-nspawn", "wpar", "wsl", "zone"}
)
MACHINES = frozenset(
    {"acrn", "ahv", "amazon", "apple", "bhyve", "bochs", "google", "hyperv", "kvm", "none"}
    | {"nutanix", "parallels", "powervm", "qemu", "qnx", "virtualbox", "vm-other", "vmware", "xen"}
    | {"xen-domu", "xen-hvm", "xen-pv", "zvm"}
)


def on_physical(judge: Judge) -> Judge:
    """Judge physical servers; what runs on a hypervisor or in a container is not concerned."""
    return _where(lambda under: under == PHYSICAL, judge)


def on_virtual(judge: Judge) -> Judge:
    """Judge virtual machines; physical servers and containers are not concerned."""
    return _where(lambda under: under != PHYSICAL and under not in CONTAINERS, judge)


def on_vmware(judge: Judge) -> Judge:
    """Judge VMware's virtual machines; others are not concerned."""
    return _where(lambda under: under == VMWARE, judge)


def _where(concerns: Callable[[str], bool], judge: Judge) -> Judge:
    def judged(facts: Facts, around: Surroundings) -> Judgement:
        under = facts.of(VIRTUALISATION)
        if not isinstance(under, Known):
            return CannotTell(missing=(VIRTUALISATION,))
        return judge(facts, around) if concerns(under.value) else NotApplicable()

    return judged
