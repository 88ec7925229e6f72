"""Which proxies the server is told to use: for everybody, for packages, for containers.

A proxy's address may hold a user and a password. They are left out on the server: only whole lines
that hold none are sent as they are.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.network import PROXIES, Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_FILES: Final = (
    "/etc/environment",
    "/etc/profile",
    "/etc/profile.d/*.sh",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/sysconfig/proxy",
    "/etc/sysconfig/docker",
    "/etc/default/docker",
    "/etc/wgetrc",
    "/etc/apt/apt.conf",
    "/etc/apt/apt.conf.d/*",
    "/etc/yum.conf",
    "/etc/dnf/dnf.conf",
    "/etc/zypp/zypp.conf",
    "/etc/rhsm/rhsm.conf",
    "/etc/docker/daemon.json",
    "/etc/systemd/system.conf",
    "/etc/systemd/system.conf.d/*.conf",
    "/etc/systemd/system/docker.service.d/*.conf",
    "/etc/systemd/system/containerd.service.d/*.conf",
    "/etc/systemd/system/kubelet.service.d/*.conf",
)
# Neither what stands before the value nor what follows it can hold a secret: nothing else matches.
_BEFORE: Final = (
    r"[[:space:]]*(export[[:space:]]+|(Default)?Environment=)?[\"']?"
    r"([a-z_:-]*prox(y|ies)|proxy_(hostname|port))[\"']?[[:space:]]*[:=[:space:]][[:space:]]*[\"']?"
)
_AFTER: Final = r"[^[:space:]\"']+[\"']?[;,]?[[:space:]]*$"

# Of an address that holds an @, only what stands before :// and after the last @ is sent; of one
# without ://, nothing.
_SCRIPT: Final = f"""
if [ -r /proc/sys/kernel/osrelease ]; then echo '@@ linux'; fi
told=$(grep -iHsE {shlex.quote(f"^{_BEFORE}{_AFTER}")} {" ".join(_FILES)})
set -f
IFS='
'
for line in $told; do
  case $line in
    *://*@*) printf '%s://***@%s\\n' "${{line%%://*}}" "${{line##*@}}" ;;
    *@*) printf '%s:proxy=***@\\n' "${{line%%:*}}" ;;
    *) printf '%s\\n' "$line" ;;
  esac
done
:
"""

_SETTING: Final = re.compile(
    r"\s*(?:export\s+|(?:Default)?Environment=)?[\"']?(?P<name>[a-z_:-]*prox(?:y|ies)|proxy_(?:hostname|port))[\"']?"
    r"\s*[:=\s]\s*[\"']?(?P<address>[^\s\"';]+?)[\"';,]*\s*\Z",
    re.IGNORECASE,
)
_LINUX: Final = "@@ linux"
_OFF: Final = frozenset(
    {"no", "yes", "none", "direct", "false", "true", "off", "on", "{", "_none_"}
)
"""Switches, and the beginning of a block, which are no address."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = {
        proxy for path, lines in by_file(answer.text).items() for proxy in _proxies(path, lines)
    }
    if not found and _LINUX not in answer.text:
        return (PROXIES.unknown(Reason.NOT_TOLD, "its grep may not know how to look"),)
    return (PROXIES.known(tuple(sorted(found))),)


def _proxies(path: str, lines: list[str]) -> Iterator[Proxy]:
    for match in filter(None, map(_SETTING.match, lines)):
        if match["address"].lower() not in _OFF:
            # Once more, for answers that came another way.
            yield Proxy(file=path, setting=match["name"], address=_anonymous(match["address"]))


def _anonymous(address: str) -> str:
    if "@" not in address:
        return address
    scheme, mark, _ = address.partition("://")
    return f"{scheme if mark else ''}{mark}***@{address.rpartition('@')[2]}"


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(PROXIES,),
    read=_read,
    examples=(
        Example(
            system="ubuntu 22.04 with a proxy for all, for packages and for containers",
            text="""\
/etc/environment:http_proxy="http://proxy-1.example.org:3128"
/etc/environment:no_proxy=localhost,127.0.0.1,.example.org
/etc/apt/apt.conf.d/95proxy:Acquire::http::Proxy "http://***@proxy-1.example.org:3128/";
/etc/docker/daemon.json:    "https-proxy": "http://proxy-1.example.org:3128",
/etc/systemd/system/docker.service.d/proxy.conf:Environment="HTTP_PROXY=http://proxy-2:80/"
""",
            expected=(
                PROXIES.known(
                    (
                        Proxy(
                            file="/etc/apt/apt.conf.d/95proxy",
                            setting="Acquire::http::Proxy",
                            address="http://***@proxy-1.example.org:3128/",
                        ),
                        Proxy(
                            file="/etc/docker/daemon.json",
                            setting="https-proxy",
                            address="http://proxy-1.example.org:3128",
                        ),
                        Proxy(
                            file="/etc/environment",
                            setting="http_proxy",
                            address="http://proxy-1.example.org:3128",
                        ),
                        Proxy(
                            file="/etc/environment",
                            setting="no_proxy",
                            address="localhost,127.0.0.1,.example.org",
                        ),
                        Proxy(
                            file="/etc/systemd/system/docker.service.d/proxy.conf",
                            setting="HTTP_PROXY",
                            address="http://proxy-2:80/",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7 whose yum and rhsm use a proxy (format as documented)",
            text="""\
/etc/yum.conf:proxy=http://user:unfiltered@proxy-1:3128
/etc/rhsm/rhsm.conf:proxy_hostname = proxy-1
/etc/rhsm/rhsm.conf:proxy_port = 3128
/etc/dnf/dnf.conf:proxy=_none_
""",
            expected=(
                PROXIES.known(
                    (
                        Proxy(
                            file="/etc/rhsm/rhsm.conf", setting="proxy_hostname", address="proxy-1"
                        ),
                        Proxy(file="/etc/rhsm/rhsm.conf", setting="proxy_port", address="3128"),
                        Proxy(
                            file="/etc/yum.conf", setting="proxy", address="http://***@proxy-1:3128"
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 without a proxy",
            text="@@ linux\n",
            expected=(PROXIES.known(()),),
        ),
        Example(
            system="solaris 10 (as the question words it)",
            expected=(PROXIES.unknown(Reason.NOT_TOLD, "its grep may not know how to look"),),
        ),
    ),
)
