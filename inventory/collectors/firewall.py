"""Which firewalls are at work, with their rules and with what they do where no rule decides.

A tool is asked only where the kernel already holds its part: asking would load it. Comments are
left out on the server, and elements of sets are not asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._firewall import (
    Ruleset,
    read_iptables,
    read_nft,
    read_plain,
    read_zones,
)
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.network import (
    FIREWALL_POLICIES,
    FIREWALL_RULES,
    FIREWALL_ZONES,
    FIREWALLS,
    ChainPolicy,
    FirewallRule,
    FirewallZone,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_LIMIT: Final = 5_000
"""Lines of a ruleset that are sent. Kubernetes may make tens of thousands."""

_SCRIPT: Final = r"""
# sed is started only for what it would change, or cut.
without_comments() {
  case "${#saved}:$saved" in
  [0-9][0-9][0-9][0-9][0-9][0-9]* | *comment*) ;;
  *) printf '%s\n' "$saved"; return ;;
  esac
  printf '%s\n' "$saved" | sed -e 's/ -m comment --comment "\(\\.\|[^"\\]\)*"//' \
    -e 's/ -m comment --comment [^ ]*//' \
    -e 's/ comment "[^"]*"//' -e LIMITq
}
new=
old=
if [ -r /proc/sys/kernel/osrelease ]; then
  echo '@@ linux'
  if [ -d /sys/module/nf_tables ] || [ ! -e /proc/modules ]; then
    new=yes
  elif command -v nft >/dev/null && read -r release </proc/sys/kernel/osrelease; then
    # Built into the kernel, it is no module.
    built_in=/lib/modules/$release/modules.builtin
    if [ ! -r "$built_in" ]; then
      echo '@@ untold'
    elif grep -q /nf_tables.ko "$built_in"; then
      new=yes
    fi
  fi
fi
for names in /proc/net/ip_tables_names /proc/net/ip6_tables_names; do
  if [ ! -r "$names" ]; then
    if [ -e "$names" ]; then old=yes; fi
  elif read -r table <"$names"; then
    old=${table:+yes}
  fi
done
if [ "$new$old" ] && [ -z "$SUDO" ] && [ ! -r /proc/1/environ ]; then
  echo '@@ denied'
  return
fi
if [ "$new" ] && command -v nft >/dev/null; then
  echo '@@ nftables'
  saved=$(
    if ! privileged nft -s -t list ruleset
    then
      privileged nft list ruleset
    fi
    echo "@@ status $?"
  )
  without_comments
  if [ "$old" ] && command -v iptables-legacy-save >/dev/null; then
    saved=$(
      echo '@@ iptables'
      privileged iptables-legacy-save
      echo '@@ ip6tables'
      privileged ip6tables-legacy-save
    )
    without_comments
  fi
elif [ "$new$old" ] && command -v iptables-save >/dev/null; then
  saved=$(
    echo '@@ iptables'
    privileged iptables-save
    echo "@@ status $?"
    echo '@@ ip6tables'
    privileged ip6tables-save
  )
  without_comments
elif [ "$new$old" ]; then
  echo '@@ untold'
fi
if [ ! -r /proc/sys/kernel/osrelease ]; then
  if command -v pfctl >/dev/null; then
    echo '@@ pf'
    privileged pfctl -s rules
    echo "@@ status $?"
  fi
  if command -v ipfw >/dev/null; then
    echo '@@ ipfw'
    privileged ipfw list
    echo "@@ status $?"
  fi
  if command -v ipfstat >/dev/null; then
    echo '@@ ipfilter'
    privileged ipfstat -io
    echo "@@ status $?"
  fi
fi
:
""".replace("LIMIT", str(_LIMIT))

_UFW: Final = "/etc/ufw/ufw.conf"
_UFW_DEFAULTS: Final = "/etc/default/ufw"
_ZONES: Final = (
    "block",
    "dmz",
    "drop",
    "external",
    "home",
    "internal",
    "public",
    "trusted",
    "work",
)
_GUARDED: Final = (
    "/etc/firewalld/firewalld.conf",
    *(f"/etc/firewalld/zones/{name}.xml" for name in _ZONES),
)
_UFW_POLICY: Final = re.compile(r"^DEFAULT_(INPUT|OUTPUT|FORWARD)_POLICY=\"?(\w+)", re.MULTILINE)
_IPTABLES: Final = ("iptables", "ip6tables")
_PLAIN: Final = ("pf", "ipfw", "ipfilter")
_FIREWALLD: Final = ("inet firewalld ", "filter IN_", "filter INPUT_ZONES")
"""Names that firewalld gives its table, or its chains."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = Ruleset()
    read_nft(said.get("nftables", ""), found)
    for tool in _IPTABLES:
        read_iptables(said.get(tool, ""), tool, found)
    for tool in _PLAIN:
        read_plain(said.get(tool, ""), tool, found)
    ufw = tuple(_ufw(answer.files))
    tools = tuple(sorted(set(_at_work(found, ufw))))
    why = _why_not(answer.text, said)
    zones = _zones_of(answer)
    if why:
        policies = FIREWALL_POLICIES.known(ufw) if ufw else FIREWALL_POLICIES.unknown(*why)
        names = FIREWALLS.known(tools) if tools else FIREWALLS.unknown(*why)
        return (names, policies, FIREWALL_RULES.unknown(*why), zones)
    return (
        FIREWALLS.known(tools),
        FIREWALL_POLICIES.known((*found.policies, *ufw)),
        FIREWALL_RULES.known(tuple(found.rules)),
        zones,
    )


def _zones_of(answer: Answer) -> Observation:
    if answer.denied.intersection(_GUARDED):
        return FIREWALL_ZONES.unknown(Reason.NEEDS_PRIVILEGE, "only root may read /etc/firewalld")
    return FIREWALL_ZONES.known(read_zones(answer.files))


def _why_not(text: str, said: Mapping[str, str]) -> tuple[Reason, str] | None:
    """Return why the rules are not known; None when they are."""
    if "denied" in said:
        return Reason.NEEDS_PRIVILEGE, "only root may see the rules"
    if "untold" in said:
        return (
            Reason.NOT_TOLD,
            "the kernel may hold rules, and nothing there can show them",
        )
    failed = [name for name in said if name.startswith("status ") and name != "status 0"]
    if failed:
        return (
            Reason.NEEDS_PRIVILEGE,
            "the tool that shows the rules failed, as it does for others than root",
        )
    if text.count("\n") >= _LIMIT:
        return Reason.NOT_TOLD, f"there are more than {_LIMIT:,} lines of them"
    if not any(name in said for name in ("linux", "nftables", *_IPTABLES, *_PLAIN)):
        return Reason.NOT_TOLD, "no tool that we know shows them"
    return None


def _at_work(found: Ruleset, ufw: tuple[ChainPolicy, ...]) -> Iterator[str]:
    yield from (each.tool for each in found.rules)
    yield from (each.tool for each in found.policies if each.policy != "accept")
    if ufw:
        yield "ufw"
    if any(each.chain.startswith(_FIREWALLD) for each in found.rules):
        yield "firewalld"


def _ufw(files: Mapping[str, str]) -> Iterator[ChainPolicy]:
    """Yield the policies of ufw, where it is switched on."""
    if "ENABLED=yes" in files.get(_UFW, "").splitlines():
        for chain, policy in _UFW_POLICY.findall(files.get(_UFW_DEFAULTS, "")):
            yield ChainPolicy(tool="ufw", chain=chain.lower(), policy=policy.lower())


COLLECTOR = Collector(
    files=(_UFW, _UFW_DEFAULTS, "/usr/lib/firewalld/zones/*.xml"),
    guarded=_GUARDED,
    script=_SCRIPT,
    tidy=True,
    tells=(FIREWALLS, FIREWALL_POLICIES, FIREWALL_RULES, FIREWALL_ZONES),
    read=_read,
    examples=(
        Example(
            system="debian 12 with nftables 1.0.6",
            text="""\
@@ linux
@@ nftables
table inet filter {
	counter web {
	}

	set trusted {
		type ipv4_addr
		flags interval
	}

	map services {
		type inet_service : verdict
	}

	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		tcp dport vmap { 8080 : accept, 8081 : drop }
		limit rate 5/second log prefix "a { b" drop
	}

	chain output {
		type filter hook output priority filter; policy accept;
	}
}
table ip nat {
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade comment "left out on the server, too"
	}
}
@@ status 0
""",
            expected=(
                FIREWALLS.known(("nftables",)),
                FIREWALL_POLICIES.known(
                    (
                        ChainPolicy(tool="nftables", chain="inet filter input", policy="drop"),
                        ChainPolicy(tool="nftables", chain="inet filter output", policy="accept"),
                        ChainPolicy(tool="nftables", chain="ip nat post", policy="accept"),
                    )
                ),
                FIREWALL_RULES.known(
                    (
                        FirewallRule(
                            tool="nftables",
                            chain="inet filter input",
                            rule="ct state established,related accept",
                        ),
                        FirewallRule(
                            tool="nftables",
                            chain="inet filter input",
                            rule="tcp dport vmap { 8080 : accept, 8081 : drop }",
                        ),
                        FirewallRule(
                            tool="nftables",
                            chain="inet filter input",
                            rule='limit rate 5/second log prefix "a { b" drop',
                        ),
                        FirewallRule(
                            tool="nftables", chain="ip nat post", rule='oifname "eth0" masquerade'
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 with iptables (format as in iptables-save(8))",
            text="""\
@@ linux
@@ iptables
# Generated by iptables-save v1.4.7 on Mon Aug  3 21:55:11 2026
*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:fail2ban - [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "office \\"A\\"" -j ACCEPT
COMMIT
@@ status 0
@@ ip6tables
*filter
:INPUT ACCEPT [0:0]
COMMIT
""",
            expected=(
                FIREWALLS.known(("iptables",)),
                FIREWALL_POLICIES.known(
                    (
                        ChainPolicy(tool="iptables", chain="filter INPUT", policy="drop"),
                        ChainPolicy(tool="iptables", chain="filter FORWARD", policy="accept"),
                        ChainPolicy(tool="ip6tables", chain="filter INPUT", policy="accept"),
                    )
                ),
                FIREWALL_RULES.known(
                    (
                        FirewallRule(
                            tool="iptables",
                            chain="filter INPUT",
                            rule="-m state --state RELATED,ESTABLISHED -j ACCEPT",
                        ),
                        FirewallRule(
                            tool="iptables",
                            chain="filter INPUT",
                            rule="-p tcp -m tcp --dport 22 -j ACCEPT",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 with firewalld (format as documented)",
            text="""\
@@ linux
@@ nftables
table inet firewalld {
	chain filter_INPUT {
		type filter hook input priority filter + 10; policy accept;
		ct state { established, related } accept
	}
}
@@ status 0
""",
            files={
                "/etc/firewalld/firewalld.conf": "# firewalld config file\nDefaultZone=internal\n",
                "/etc/firewalld/zones/public.xml": """\
<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <interface name="eth1"/>
  <service name="ssh"/>
  <port protocol="tcp" port="8080"/>
  <rule family="ipv4"><source address="10.9.0.0/16"/><service name="http"/><accept/></rule>
</zone>
""",
                "/usr/lib/firewalld/zones/internal.xml": '<zone><service name="mdns"/></zone>\n',
                "/usr/lib/firewalld/zones/work.xml": '<zone><service name="ssh"/></zone>\n',
            },
            expected=(
                FIREWALLS.known(("firewalld", "nftables")),
                FIREWALL_ZONES.known(
                    (
                        FirewallZone(name="internal", is_default=True, services=("mdns",)),
                        FirewallZone(
                            name="public",
                            is_default=False,
                            interfaces=("eth1",),
                            services=("ssh",),
                            ports=("8080/tcp",),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 with ufw, asked as a user (format as documented)",
            text="@@ linux\n@@ denied\n",
            files={
                _UFW: "# /etc/ufw/ufw.conf\nENABLED=yes\nLOGLEVEL=low\n",
                _UFW_DEFAULTS: 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n',
            },
            expected=(
                FIREWALLS.known(("ufw",)),
                FIREWALL_POLICIES.known((ChainPolicy(tool="ufw", chain="input", policy="drop"),)),
                FIREWALL_RULES.unknown(Reason.NEEDS_PRIVILEGE, "only root may see the rules"),
            ),
        ),
        Example(
            system="rhel 9 with firewalld, asked as a user (format as documented)",
            text="@@ linux\n@@ denied\n",
            files={"/usr/lib/firewalld/zones/public.xml": '<zone><service name="ssh"/></zone>\n'},
            denied=frozenset({"/etc/firewalld/firewalld.conf"}),
            expected=(
                FIREWALLS.unknown(Reason.NEEDS_PRIVILEGE, "only root may see the rules"),
                FIREWALL_ZONES.unknown(Reason.NEEDS_PRIVILEGE, "only root may read /etc/firewalld"),
            ),
        ),
        Example(
            system="freebsd 13 with pf (format as people quote pfctl)",
            text="""\
@@ pf
block drop in all
pass in on em0 proto tcp to port = ssh flags S/SA
@@ status 0
""",
            expected=(
                FIREWALLS.known(("pf",)),
                FIREWALL_RULES.known(
                    (
                        FirewallRule(tool="pf", chain="rules", rule="block drop in all"),
                        FirewallRule(
                            tool="pf",
                            chain="rules",
                            rule="pass in on em0 proto tcp to port = ssh flags S/SA",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13 with pf, asked as a user (as the question words it)",
            text="@@ pf\n@@ status 1\n",
            expected=(
                FIREWALL_RULES.unknown(
                    Reason.NEEDS_PRIVILEGE,
                    "the tool that shows the rules failed, as it does for others than root",
                ),
            ),
        ),
        Example(
            system="debian 12 whose kernel holds no rules",
            text="@@ linux\n",
            expected=(FIREWALLS.known(()), FIREWALL_RULES.known(())),
        ),
        Example(
            system="aix 7, which has none of the tools (as the question words it)",
            text="",
            expected=(FIREWALL_RULES.unknown(Reason.NOT_TOLD, "no tool that we know shows them"),),
        ),
    ),
)
