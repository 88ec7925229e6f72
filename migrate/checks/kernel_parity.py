"""The settings of the kernel that applications are tuned by are the same on both servers.

Limits may be higher on the new server: that is told. What the kernel works out from the size of
the memory is not compared unless it is named.

Keys: ``value:NAME:OLD:NEW``, ``lower:NAME:OLD:NEW`` (of a limit), ``missing:NAME``, and, told only,
``higher:NAME:OLD:NEW``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inventory.model.software import KERNEL_PARAMETERS, KernelParameter
from migrate.checks._differences import Comparison, Difference, both, key
from migrate.checks._parity import judge, parameters
from migrate.checks._say import unknown
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About

_LIMITS = frozenset({
    "fs.aio-max-nr", "fs.file-max", "fs.inotify.max_user_watches", "kernel.msgmax",
    "kernel.msgmnb", "kernel.msgmni", "kernel.pid_max", "kernel.sem", "kernel.shmall",
    "kernel.shmmax", "kernel.shmmni", "kernel.threads-max", "net.core.rmem_max",
    "net.core.somaxconn", "net.core.wmem_max", "net.ipv4.tcp_max_syn_backlog",
    "net.netfilter.nf_conntrack_max", "vm.max_map_count",
})  # fmt: skip
"""Where more does no harm: each number of the value must be at least the old server's."""
_USUAL = (
    "fs.aio-max-nr", "fs.suid_dumpable", "kernel.dmesg_restrict", "kernel.kptr_restrict",
    "kernel.msgmax", "kernel.msgmnb", "kernel.randomize_va_space", "kernel.sem", "kernel.shmall",
    "kernel.shmmax", "kernel.shmmni", "kernel.yama.ptrace_scope", "net.core.rmem_max",
    "net.core.somaxconn", "net.core.wmem_max", "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_tw_reuse", "vm.dirty_background_ratio", "vm.dirty_ratio", "vm.max_map_count",
    "vm.nr_hugepages", "vm.overcommit_memory", "vm.overcommit_ratio", "vm.swappiness",
    "vm.zone_reclaim_mode",
)  # fmt: skip
"""What databases, Java and web servers are tuned by, and what hardening guides ask for."""


def _run(sight: Sight, given: Mapping[str, Any]) -> CheckResult:
    pair = both(sight, KERNEL_PARAMETERS)
    if isinstance(pair, CheckResult):
        return pair
    named = given.get("parameters")
    seen = _compare(_values(pair.old), _values(pair.new), named or _USUAL, is_named=bool(named))
    if not seen.same and not seen.differences and not seen.blind:
        return unknown("the old server told none of these settings: there is nothing to compare")
    return judge(sight, given, seen)


def _values(told: Sequence[KernelParameter]) -> dict[str, str]:
    return {each.name: each.value for each in told}


def _compare(
    old: Mapping[str, str], new: Mapping[str, str], names: Sequence[str], *, is_named: bool
) -> Comparison:
    told = [name for name in names if name in old]
    found = [each for name in told for each in _of_one(name, old[name], new.get(name))]
    blind = [f"{name}: the old server did not tell it" for name in names if name not in old]
    return Comparison(
        agreed=f"the {len(told)} settings of the kernel that were compared agree",
        differences=tuple(found),
        same=len(told) - len(found),
        blind=tuple(blind) if is_named else (),
    )


def _of_one(name: str, old: str, new: str | None) -> Iterator[Difference]:
    if new is None:
        words = f"{name} was {old} and is not told by the new server"
        yield Difference(key=key("missing", name), words=words)
    elif old != new:
        order = _order(old, new) if name in _LIMITS else None
        kind = "value" if order is None else "higher" if order else "lower"
        words = f"{name} was {old} and is {new}"
        yield Difference(key=key(kind, name, old, new), words=words, told=kind == "higher")


def _order(old: str, new: str) -> bool | None:
    """Tell whether every number of a limit is at least what it was; None when they are none."""
    before, after = old.split(), new.split()
    if len(before) != len(after) or not all(each.isdecimal() for each in (*before, *after)):
        return None
    return all(int(one) <= int(two) for one, two in zip(before, after, strict=True))


CHECK = Check(
    parameters=parameters(
        {
            "parameters": {
                "type": "array",
                "items": {"type": "string", "pattern": r"^[a-z][\w.-]*$"},
                "minItems": 1,
                "uniqueItems": True,
                "description": "Settings that matter, as sysctl names them, of those that "
                "discovery asks for. Unless given, those that applications are tuned by.",
            },
        }
    ),
    run=_run,
    reads="Compares settings of the running kernels (sysctl), as both servers tell them.",
    about=About.BOTH,
)
