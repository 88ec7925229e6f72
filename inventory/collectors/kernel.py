"""How the running kernel is set up: modules, parameters, and what it enforces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.software import (
    APPARMOR,
    APPARMOR_PROFILES,
    FIPS,
    KERNEL_MODULES,
    KERNEL_PARAMETERS,
    SELINUX,
    KernelParameter,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_SYSCTL: Final = "/proc/sys/"
_PARAMETERS: Final = (
    "fs/aio-max-nr", "fs/file-max", "fs/inotify/max_user_watches", "fs/suid_dumpable",
    "kernel/core_pattern", "kernel/dmesg_restrict", "kernel/hung_task_timeout_secs",
    "kernel/kptr_restrict", "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/panic",
    "kernel/pid_max", "kernel/randomize_va_space", "kernel/sem", "kernel/shmall",
    "kernel/shmmax", "kernel/shmmni", "kernel/sysrq", "kernel/tainted", "kernel/threads-max",
    "kernel/unprivileged_userns_clone", "kernel/yama/ptrace_scope",
    "net/core/rmem_max", "net/core/somaxconn", "net/core/wmem_max",
    "net/ipv4/ip_local_port_range", "net/ipv4/tcp_congestion_control",
    "net/ipv4/tcp_fin_timeout", "net/ipv4/tcp_keepalive_time", "net/ipv4/tcp_max_syn_backlog",
    "net/ipv4/tcp_syncookies", "net/ipv4/tcp_tw_reuse",
    "net/netfilter/nf_conntrack_max",
    "vm/dirty_background_ratio", "vm/dirty_ratio", "vm/max_map_count", "vm/min_free_kbytes",
    "vm/nr_hugepages", "vm/overcommit_memory", "vm/overcommit_ratio", "vm/swappiness",
    "vm/zone_reclaim_mode",
)  # fmt: skip
"""What databases, Java and web servers are tuned by, and what hardening guides ask for."""
_PROFILES: Final = "/sys/kernel/security/apparmor/profiles"
_CONTEXT: Final = "/proc/self/attr/current"
_CONTEXT_COLONS: Final = 2
_SELINUX_STATES: Final = {"1": "enforcing", "0": "permissive"}


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = answer.files
    modules = files.get("/proc/modules")
    parameters = tuple(_parameters(files))
    fips = files.get("/proc/sys/crypto/fips_enabled", "").strip()
    return (
        KERNEL_MODULES.known_or(
            tuple(sorted(_first_words(modules or ""))) if modules or parameters else None,
            Reason.NOT_TOLD,
            "there is no /proc",
        ),
        KERNEL_PARAMETERS.known_or(parameters or None, Reason.NOT_TOLD, "there is no /proc/sys"),
        FIPS.known_or(_fips(fips, parameters), Reason.NOT_TOLD),
        SELINUX.known_or(_selinux(files, parameters), Reason.NOT_TOLD),
        *_apparmor(answer, parameters),
    )


def _parameters(files: Mapping[str, str]) -> list[KernelParameter]:
    told = ((path, files.get(f"{_SYSCTL}{path}")) for path in _PARAMETERS)
    return [
        KernelParameter(name=path.replace("/", "."), value=" ".join(value.split()))
        for path, value in told
        if value is not None
    ]


def _first_words(text: str) -> set[str]:
    return {line.split(" ", 1)[0] for line in text.splitlines() if line}


def _fips(said: str, parameters: tuple[KernelParameter, ...]) -> bool | None:
    """Return the mode; a kernel that shows its parameters but not this was built without it."""
    if said in {"0", "1"}:
        return said == "1"
    return False if parameters else None


def _selinux(files: Mapping[str, str], parameters: tuple[KernelParameter, ...]) -> str | None:
    """Return the mode, which the kernel shows only while SELinux is on.

    A container may hide it; but a process always tells its own context: ``user:role:type:level``.
    """
    for path in ("/sys/fs/selinux/enforce", "/selinux/enforce"):
        state = _SELINUX_STATES.get(files.get(path, "").strip())
        if state:
            return state
    hidden = files.get(_CONTEXT, "").count(":") >= _CONTEXT_COLONS
    return "disabled" if parameters and not hidden else None


def _apparmor(
    answer: Answer, parameters: tuple[KernelParameter, ...]
) -> tuple[Observation, Observation]:
    enabled = answer.files.get("/sys/module/apparmor/parameters/enabled", "").strip()
    on = enabled == "Y" if enabled else (False if parameters else None)
    profiles = answer.files.get(_PROFILES)
    if profiles is not None:
        enforced = sum(line.endswith("(enforce)") for line in profiles.splitlines())
        return APPARMOR.known_or(on, Reason.NOT_TOLD), APPARMOR_PROFILES.known(enforced)
    lacking = Reason.NEEDS_PRIVILEGE if on else Reason.NOT_TOLD
    return (
        APPARMOR.known_or(on, Reason.NOT_TOLD),
        APPARMOR_PROFILES.unknown(lacking, "its profiles were not shown"),
    )


COLLECTOR = Collector(
    files=(
        "/proc/modules",
        "/proc/sys/crypto/fips_enabled",
        "/sys/fs/selinux/enforce",
        "/selinux/enforce",
        _CONTEXT,
        "/sys/module/apparmor/parameters/enabled",
        *(f"{_SYSCTL}{path}" for path in _PARAMETERS),
    ),
    guarded=(_PROFILES,),
    tells=(KERNEL_MODULES, KERNEL_PARAMETERS, FIPS, SELINUX, APPARMOR, APPARMOR_PROFILES),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={
                "/proc/modules": (
                    "nf_tables 303104 98 - Live 0x0000000000000000\n"
                    "ext4 983040 1 - Live 0x0000000000000000\n"
                ),
                "/proc/sys/vm/swappiness": "60\n",
                "/proc/sys/kernel/sem": "32000\t1024000000\t500\t32000\n",
                "/sys/module/apparmor/parameters/enabled": "Y\n",
                _PROFILES: "/usr/bin/man (enforce)\nnvidia_modprobe (complain)\n",
            },
            expected=(
                KERNEL_MODULES.known(("ext4", "nf_tables")),
                KERNEL_PARAMETERS.known(
                    (
                        KernelParameter(name="kernel.sem", value="32000 1024000000 500 32000"),
                        KernelParameter(name="vm.swappiness", value="60"),
                    )
                ),
                FIPS.known(value=False),
                SELINUX.known("disabled"),
                APPARMOR.known(value=True),
                APPARMOR_PROFILES.known(1),
            ),
        ),
        Example(
            system="rhel 9 in FIPS mode, as a user (format as documented)",
            files={
                "/proc/modules": "xfs 2023424 3 - Live 0x0000000000000000\n",
                "/proc/sys/crypto/fips_enabled": "1\n",
                "/proc/sys/fs/file-max": "9223372036854775807\n",
                "/sys/fs/selinux/enforce": "1",
            },
            expected=(
                FIPS.known(value=True),
                SELINUX.known("enforcing"),
                APPARMOR.known(value=False),
                APPARMOR_PROFILES.unknown(Reason.NOT_TOLD, "its profiles were not shown"),
            ),
        ),
        Example(
            system="a container on rhel 9, which is not shown SELinux (format as documented)",
            files={
                "/proc/sys/fs/file-max": "9223372036854775807\n",
                _CONTEXT: "system_u:system_r:container_t:s0:c1,c2",
            },
            expected=(SELINUX.unknown(Reason.NOT_TOLD), KERNEL_MODULES.known(())),
        ),
        Example(
            system="freebsd 14, which has none of these files",
            expected=(
                KERNEL_MODULES.unknown(Reason.NOT_TOLD, "there is no /proc"),
                SELINUX.unknown(Reason.NOT_TOLD),
                FIPS.unknown(Reason.NOT_TOLD),
            ),
        ),
    ),
)
