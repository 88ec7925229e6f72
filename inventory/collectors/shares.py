"""Which folders and printers the server shares by Samba and rsync, and its print queues."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.storage import PRINTERS, SHARES, Printer, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

# Only what cannot hold a password is picked out, on the server. An address of a printer may hold
# one before its "@" or behind its "?".
_SCRIPT = r"""
set --
echo '@@ shares'
for file in /etc/samba/smb.conf /etc/smb.conf /usr/local/etc/smb4.conf \
  /etc/rsyncd.conf /usr/local/etc/rsyncd.conf; do
  if [ -r "$file" ]; then
    set -- "$@" "$file"
  elif [ -f "$file" ]; then
    printf 'denied:%s\n' "$file"
  fi
done
pick() {
grep -aHiE '^[[:space:]]*(\[[^]]*\][[:space:]]*$|(path|directory|(read|write) ?(only|ok)|'\
'writeable|writable|guest ?ok|public|printable|print ?ok|valid ?users|available|config backend'\
'|include)[[:space:]]*=)' "$@"
}
IFS='
'
set -f
if [ "$#" -gt 0 ]; then
  told=$(pick "$@")
  printf '%s\n' "$told"
  for line in $told; do
    case $line in
      *:*[Ii]nclude*=*/*)
        file=${line#*=}
        file=/${file#*/}
        if [ -r "$file" ]; then pick "$file"; fi ;;
    esac
  done
fi
echo '@@ printers'
if [ -f /etc/cups/printers.conf ]; then
  echo cups
  told=$(privileged grep -ah -e Printer -e DeviceURI /etc/cups/printers.conf)
  for line in $told; do
    line=${line%%\?*}
    case $line in
      '<Printer '*|'<DefaultPrinter '*) printf '%s\n' "$line" ;;
      DeviceURI*@*) printf '%s:***@%s\n' "${line%%:*}" "${line##*@}" ;;
      DeviceURI*) printf '%s\n' "$line" ;;
    esac
  done
fi
:
"""

_PRINTCAP: Final = "/etc/printcap"
"""CUPS writes the names of its queues into it, for anybody."""
_SECTION: Final = re.compile(r"\s*\[\s*(?P<name>[^\]]*?)\s*\]\s*")
_QUEUE: Final = re.compile(r"<(?:Default)?Printer (?P<name>[^>]+)>")
_NO_SHARES: Final = frozenset({"global", "printers", "print$"})
_YES: Final = frozenset({"yes", "true", "1", "on"})
_NO: Final = frozenset({"no", "false", "0", "off"})


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    return (_shares(said.get("shares")), _printers(said.get("printers"), answer.files))


def _shares(text: str | None) -> Observation:
    if text is None:
        return SHARES.unknown(Reason.NOT_TOLD, "the answer breaks off")
    found: list[Share] = []
    for file, sections in _sections(text).items():
        if file == "denied":
            return SHARES.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {min(sections)}")
        if sections.get("global", {}).get("configbackend", "").lower() == "registry":
            return SHARES.unknown(Reason.NOT_TOLD, "they stand in Samba's registry")
        protocol = "rsync" if file.endswith("rsyncd.conf") else "smb"
        found.extend(
            _share(name, protocol, said)
            for name, said in sections.items()
            if name.lower() not in _NO_SHARES and _yes(said, "available") is not False
        )
    return SHARES.known(tuple(sorted(found, key=lambda each: (each.protocol, each.name))))


def _sections(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the settings by file, section and name; Samba does not heed case and blanks."""
    files: dict[str, dict[str, dict[str, str]]] = {}
    section = "global"
    for line in text.splitlines():
        file, colon, content = line.partition(":")
        sections = files.setdefault(file, {}) if colon else {}
        if file == "denied":
            sections[content] = {}
            continue
        heading = _SECTION.fullmatch(content)
        if heading:
            section = heading["name"]
        elif not sections:
            section = "global"
        settings = sections.setdefault(section, {})
        if not heading:
            name, _, said = content.partition("=")
            settings["".join(name.lower().split())] = said.strip()
    return files


def _share(name: str, protocol: str, said: Mapping[str, str]) -> Share:
    writable = _yes(said, "writeable", "writable", "writeok")
    read_only = _yes(said, "readonly")
    return Share(
        name=name,
        protocol=protocol,
        path=said.get("path") or said.get("directory") or None,
        read_only=(not writable) if read_only is None and writable is not None else read_only,
        guests=_yes(said, "guestok", "public"),
        users=said.get("validusers") or None,
    )


def _yes(said: Mapping[str, str], *names: str) -> bool | None:
    for name in names:
        word = said.get(name, "").lower()
        if word in _YES or word in _NO:
            return word in _YES
    return None


def _printers(text: str | None, files: Mapping[str, str]) -> Observation:
    lines = (text or "").splitlines()
    found = list(_queues(lines))
    if not found:
        found = [Printer(name=name) for name in _printcap(files.get(_PRINTCAP, ""))]
    if found:
        return PRINTERS.known(tuple(sorted(found, key=lambda each: each.name)))
    if text is None:
        return PRINTERS.unknown(Reason.NOT_TOLD, "the answer breaks off")
    if "cups" in lines:
        return PRINTERS.unknown(
            Reason.NEEDS_PRIVILEGE, "only root may read /etc/cups/printers.conf"
        )
    return PRINTERS.known(())


def _queues(lines: list[str]) -> Iterator[Printer]:
    name, address = None, None
    for line in [*lines, "<Printer end>"]:
        match = _QUEUE.match(line)
        if match:
            if name is not None:
                yield Printer(name=name, address=address)
            name, address = match["name"], None
        elif line.startswith("DeviceURI "):
            address = line.removeprefix("DeviceURI ").strip() or None


def _printcap(text: str) -> Iterator[str]:
    for line in text.splitlines():
        name = line.partition(":")[0].partition("|")[0].strip()
        if ":" in line and name and not line.startswith(("#", " ", "\t", ":")):
            yield name


COLLECTOR = Collector(
    files=(_PRINTCAP,),
    script=_SCRIPT,
    tidy=True,
    tells=(SHARES, PRINTERS),
    read=_read,
    examples=(
        Example(
            system="debian 12 as a file and print server, as root (format as documented)",
            text="""\
@@ shares
/etc/samba/smb.conf:[global]
/etc/samba/smb.conf:[homes]
/etc/samba/smb.conf:   read only = no
/etc/samba/smb.conf:   valid users = %S
/etc/samba/smb.conf:[Team Files]
/etc/samba/smb.conf:\tpath = /srv/team
/etc/samba/smb.conf:\twriteable = yes
/etc/samba/smb.conf:\tvalid users = @staff, "svc backup"
/etc/samba/smb.conf:[public]
/etc/samba/smb.conf:   path = /srv/public
/etc/samba/smb.conf:   guest ok = yes
/etc/samba/smb.conf:   read only = yes
/etc/samba/smb.conf:[printers]
/etc/samba/smb.conf:   path = /var/spool/samba
/etc/samba/smb.conf:   printable = yes
/etc/rsyncd.conf:[mirror]
/etc/rsyncd.conf:    path = /srv/mirror
@@ printers
cups
<DefaultPrinter reception>
DeviceURI socket://192.0.2.9:9100
</DefaultPrinter>
<Printer payslips>
DeviceURI smb:***@print.example.org/payslips
""",
            expected=(
                SHARES.known(
                    (
                        Share(name="mirror", protocol="rsync", path="/srv/mirror"),
                        Share(
                            name="Team Files",
                            protocol="smb",
                            path="/srv/team",
                            read_only=False,
                            users='@staff, "svc backup"',
                        ),
                        Share(name="homes", protocol="smb", read_only=False, users="%S"),
                        Share(
                            name="public",
                            protocol="smb",
                            path="/srv/public",
                            read_only=True,
                            guests=True,
                        ),
                    )
                ),
                PRINTERS.known(
                    (
                        Printer(name="payslips", address="smb:***@print.example.org/payslips"),
                        Printer(name="reception", address="socket://192.0.2.9:9100"),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 as a print server, as a user without privilege "
            "(format as documented)",
            text="@@ shares\n@@ printers\ncups\n",
            files={
                _PRINTCAP: "# This file was automatically generated by cupsd(8) from the\n"
                "# /etc/cups/printers.conf file.  All changes to this file\n# will be lost.\n"
                "reception|Reception:rm=print-1:rp=reception:\n"
            },
            expected=(SHARES.known(()), PRINTERS.known((Printer(name="reception"),))),
        ),
        Example(
            system="rhel 9 that shares nothing",
            text="@@ shares\n@@ printers\n",
            expected=(SHARES.known(()), PRINTERS.known(())),
        ),
        Example(
            system="rhel 9 with a guarded configuration (format as documented)",
            text="@@ shares\ndenied:/etc/samba/smb.conf\n@@ printers\ncups\n",
            expected=(
                SHARES.unknown(Reason.NEEDS_PRIVILEGE, "only root may read /etc/samba/smb.conf"),
                PRINTERS.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /etc/cups/printers.conf"
                ),
            ),
        ),
        Example(
            system="a cluster of samba servers (format as documented)",
            text="@@ shares\n/etc/samba/smb.conf:[global]\n"
            "/etc/samba/smb.conf:  config backend = registry\n@@ printers\n",
            expected=(SHARES.unknown(Reason.NOT_TOLD, "they stand in Samba's registry"),),
        ),
    ),
)
