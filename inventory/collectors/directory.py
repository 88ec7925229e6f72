"""Which directories the server is a member of, or asks for accounts.

On the server ``grep`` picks section headings and a closed list of directives, none of which holds a
password; a value with an ``@`` in it is not sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file
from inventory.model.accounts import (
    ACCOUNT_SOURCES,
    DIRECTORIES,
    KERBEROS_REALM,
    Directory,
    DirectoryKind,
)
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inventory.model.fact import Observation

_NSSWITCH: Final = "/etc/nsswitch.conf"
_SHIPPED_NSSWITCH: Final = "/usr/etc/nsswitch.conf"
"""What counts on SUSE where the other is not there."""
_CENTRIFY: Final = "/var/centrifydc/kset.domain"
_SSSD: Final = "/etc/sssd/sssd.conf"
_KERBEROS: Final = "/etc/krb5.conf"
_QUEST: Final = "/etc/opt/quest/vas/vas.conf"
_LDAP: Final = ("/etc/nslcd.conf", "/etc/ldap.conf", "/etc/libnss-ldap.conf", "/etc/pam_ldap.conf")
_FOREIGN: Final = ("/var/ldap/ldap_client_file", "/etc/security/ldap/ldap.cfg")
"""How Solaris and AIX are told of LDAP; they may name an account and its password."""
_SCRIPT: Final = f"""
asked=
for file in /etc/sssd /etc/samba/smb.conf {" ".join(_LDAP)} \\
  /etc/yp.conf /etc/ipa/default.conf {_QUEST} {_KERBEROS} /etc/krb5.conf.d; do
  if [ -e "$file" ]; then asked=1; fi
done
for file in {" ".join(_FOREIGN)}; do
  if [ -e "$file" ]; then echo "foreign:$file"; fi
done
if [ -d /etc/sssd ] && ! [ -x /etc/sssd ]; then echo 'closed:{_SSSD}'; fi
for file in {_SSSD} {" ".join(_LDAP)}; do
  if [ -e "$file" ] && ! [ -r "$file" ]; then echo "closed:$file"; fi
done
if [ "$asked" ]; then
  privileged grep -rsE '^[[:space:]]*(\\[[^]]*\\]|(domains|id_provider|ad_domain|ad_server|ipa_domain|ipa_server|krb5_realm|ldap_uri|ldap_search_base|realm|workgroup|security|default_realm|uri|base|basedn|host|domain|ypserver)[[:space:]]*[=[:space:]][^@#;]*)$' /dev/null {_SSSD} /etc/sssd/conf.d /etc/samba/smb.conf {" ".join(_LDAP)} /etc/yp.conf /etc/ipa/default.conf {_QUEST} {_KERBEROS} /etc/krb5.conf.d
fi
echo looked
"""  # noqa: E501  what sudo is allowed stands on one line

_LOCAL_PROVIDERS: Final = ("files", "local", "proxy")
"""What sssd takes from the server itself."""
_MEMBER: Final = ("ads", "domain")
"""What Samba's ``security`` says of a member of a domain."""


class _File:
    """One file's directives, by section and in lower case; the first of a name counts."""

    def __init__(self, path: str, lines: Iterable[str]) -> None:
        self.path = path
        self.sections: dict[str, dict[str, str]] = {"": {}}
        section = self.sections[""]
        for line in map(str.strip, lines):
            if line.startswith("["):
                section = self.sections.setdefault(line[1:].partition("]")[0].strip(), {})
            elif words := re.split(r"\s*=\s*|\s+", line, maxsplit=1):
                section.setdefault(words[0].lower(), " ".join(words[1:]).strip())

    def value(self, name: str) -> str:
        """Return a directive's value in whichever section it stands first; empty when in none."""
        return next((each[name] for each in self.sections.values() if each.get(name)), "")


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = {path: _File(path, lines) for path, lines in by_file(answer.text).items()}
    said = answer.text.splitlines()
    realm = _realm(files)
    return (
        _directories(files, answer.files, said),
        KERBEROS_REALM.known_or(realm, Reason.NOT_TOLD, f"{_KERBEROS} names no default realm"),
        _sources(answer.files.get(_NSSWITCH) or answer.files.get(_SHIPPED_NSSWITCH)),
    )


def _directories(
    files: Mapping[str, _File], named: Mapping[str, str], said: list[str]
) -> Observation:
    closed = [line.removeprefix("closed:") for line in said if line.startswith("closed:")]
    for path in closed:
        if path not in files:
            return DIRECTORIES.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {path}")
    for line in said:
        if line.startswith("foreign:"):
            file = line.removeprefix("foreign:")
            return DIRECTORIES.unknown(Reason.NOT_TOLD, f"there is a {file}, which is not read")
    if "looked" not in said:
        return DIRECTORIES.unknown(Reason.NOT_TOLD, "the search broke off")
    found = [
        each
        for path, file in sorted(files.items())
        for each in _directories_of(path, file, _enabled(files))
    ]
    if domain := named.get(_CENTRIFY, "").strip().lower():
        found.append(Directory(kind=DirectoryKind.CENTRIFY, domain=domain, file=_CENTRIFY))
    return DIRECTORIES.known(tuple(dict.fromkeys(found)))


def _enabled(files: Mapping[str, _File]) -> set[str]:
    """Return the domains that sssd is told to use; none when it is not told."""
    listed = (
        file.sections.get("sssd", {}).get("domains", "")
        for path, file in files.items()
        if path.startswith("/etc/sssd/")
    )
    return {domain.strip() for each in listed for domain in each.split(",") if domain.strip()}


def _directories_of(path: str, file: _File, enabled: set[str]) -> Iterator[Directory]:
    if path.startswith("/etc/sssd/"):
        yield from _sssd(path, file, enabled)
    elif path == "/etc/samba/smb.conf":
        if file.value("security").lower() in _MEMBER:
            yield Directory(
                kind=DirectoryKind.WINBIND,
                domain=file.value("realm").lower() or None,
                realm=file.value("realm") or None,
                workgroup=file.value("workgroup") or None,
                file=path,
            )
    elif path in _LDAP:
        servers = tuple((file.value("uri") or file.value("host")).split())
        if servers:
            base = file.value("base") or None
            yield Directory(kind=DirectoryKind.LDAP, servers=servers, base=base, file=path)
    elif path == "/etc/ipa/default.conf" and (realm := file.value("realm")):
        yield Directory(
            kind=DirectoryKind.IPA,
            domain=file.value("domain").lower() or realm.lower(),
            realm=realm,
            base=file.value("basedn") or None,
            file=path,
        )
    elif path == _QUEST and (realm := file.value("default_realm")):
        yield Directory(kind=DirectoryKind.QUEST, domain=realm.lower(), realm=realm, file=path)
    elif path == "/etc/yp.conf" and (words := file.value("domain").split()):
        servers = tuple(words[2:3] if words[1:2] == ["server"] else ())
        yield Directory(kind=DirectoryKind.NIS, domain=words[0], servers=servers, file=path)


def _sssd(path: str, file: _File, enabled: set[str]) -> Iterator[Directory]:
    for section, says in file.sections.items():
        word, _, name = section.partition("/")
        provider = says.get("id_provider", "").lower()
        if word != "domain" or provider in _LOCAL_PROVIDERS or "/" in name:
            continue
        if enabled and name not in enabled:
            continue
        servers = says.get("ad_server") or says.get("ipa_server") or says.get("ldap_uri") or ""
        yield Directory(
            kind=DirectoryKind.SSSD,
            domain=(says.get("ad_domain") or says.get("ipa_domain") or name).lower(),
            realm=says.get("krb5_realm") or None,
            provider=provider or None,
            servers=tuple(
                each for each in re.split(r"[\s,]+", servers) if each and each != "_srv_"
            ),
            base=says.get("ldap_search_base") or None,
            file=path,
        )


def _realm(files: Mapping[str, _File]) -> str | None:
    paths = (_KERBEROS, *sorted(path for path in files if path.startswith("/etc/krb5.conf.d/")))
    found = (files[path].value("default_realm") for path in paths if path in files)
    return next(filter(None, found), None)


def _sources(text: str | None) -> Observation:
    if text is None:
        return ACCOUNT_SOURCES.unknown(Reason.NOT_TOLD, f"there is no {_NSSWITCH}")
    for line in text.splitlines():
        database, colon, sources = line.partition("#")[0].partition(":")
        if colon and database.strip() == "passwd":
            words = re.sub(r"\[[^]]*\]", " ", sources).split()
            return ACCOUNT_SOURCES.known(tuple(words))
    return ACCOUNT_SOURCES.unknown(Reason.NOT_TOLD, f"{_NSSWITCH} says nothing of passwd")


COLLECTOR = Collector(
    files=(_NSSWITCH, _SHIPPED_NSSWITCH, _CENTRIFY),
    script=_SCRIPT,
    tidy=True,
    tells=(DIRECTORIES, KERBEROS_REALM, ACCOUNT_SOURCES),
    read=_read,
    examples=(
        Example(
            system="aix 7.2 whose accounts may stand in LDAP (as the question words it)",
            text="foreign:/etc/security/ldap/ldap.cfg\nlooked\n",
            expected=(
                DIRECTORIES.unknown(
                    Reason.NOT_TOLD, "there is a /etc/security/ldap/ldap.cfg, which is not read"
                ),
            ),
        ),
        Example(
            system="rhel 8 joined by realmd (format as documented), as root",
            text="""\
/etc/sssd/sssd.conf:[sssd]
/etc/sssd/sssd.conf:domains = test.domain.com
/etc/sssd/sssd.conf:[nss]
/etc/sssd/sssd.conf:[pam]
/etc/sssd/sssd.conf:[domain/test.domain.com]
/etc/sssd/sssd.conf:id_provider = ad
/etc/sssd/sssd.conf:ad_domain = test.domain.com
/etc/sssd/sssd.conf:krb5_realm = TEST.DOMAIN.COM
/etc/sssd/sssd.conf:ad_server = _srv_, dc1.test.domain.com
/etc/sssd/sssd.conf:[domain/old]
/etc/sssd/sssd.conf:id_provider = ldap
/etc/krb5.conf:[libdefaults]
/etc/krb5.conf:    default_realm = TEST.DOMAIN.COM
/etc/krb5.conf:[realms]
looked
""",
            files={_NSSWITCH: "# comment\npasswd:     sss files systemd # by authselect\n"},
            expected=(
                DIRECTORIES.known(
                    (
                        Directory(
                            kind=DirectoryKind.SSSD,
                            domain="test.domain.com",
                            realm="TEST.DOMAIN.COM",
                            provider="ad",
                            servers=("dc1.test.domain.com",),
                            file=_SSSD,
                        ),
                    )
                ),
                KERBEROS_REALM.known("TEST.DOMAIN.COM"),
                ACCOUNT_SOURCES.known(("sss", "files", "systemd")),
            ),
        ),
        Example(
            system="debian 11 with winbind, nslcd and NIS (format as documented), as root",
            text="""\
/etc/samba/smb.conf:[global]
/etc/samba/smb.conf:   workgroup = COUNCIL
/etc/samba/smb.conf:   realm = AD.EXAMPLE.GOV.UK
/etc/samba/smb.conf:   security = ADS
/etc/samba/smb.conf:[homes]
/etc/nslcd.conf:uri ldap://ldap-1.example.org/ ldap://ldap-2.example.org/
/etc/nslcd.conf:base dc=example,dc=org
/etc/yp.conf:domain council server 192.0.2.7
looked
""",
            files={_NSSWITCH: "passwd: files [NOTFOUND=continue] winbind ldap\n"},
            expected=(
                DIRECTORIES.known(
                    (
                        Directory(
                            kind=DirectoryKind.LDAP,
                            servers=("ldap://ldap-1.example.org/", "ldap://ldap-2.example.org/"),
                            base="dc=example,dc=org",
                            file="/etc/nslcd.conf",
                        ),
                        Directory(
                            kind=DirectoryKind.WINBIND,
                            domain="ad.example.gov.uk",
                            realm="AD.EXAMPLE.GOV.UK",
                            workgroup="COUNCIL",
                            file="/etc/samba/smb.conf",
                        ),
                        Directory(
                            kind=DirectoryKind.NIS,
                            domain="council",
                            servers=("192.0.2.7",),
                            file="/etc/yp.conf",
                        ),
                    )
                ),
                KERBEROS_REALM.unknown(Reason.NOT_TOLD, "/etc/krb5.conf names no default realm"),
                ACCOUNT_SOURCES.known(("files", "winbind", "ldap")),
            ),
        ),
        Example(
            system="rhel 9 joined by ipa-client-install (format as documented), as a user",
            text="""\
closed:/etc/sssd/sssd.conf
/etc/ipa/default.conf:[global]
/etc/ipa/default.conf:basedn = dc=ipa,dc=test
/etc/ipa/default.conf:realm = IPA.TEST
/etc/ipa/default.conf:domain = ipa.test
looked
""",
            expected=(
                DIRECTORIES.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /etc/sssd/sssd.conf"
                ),
            ),
        ),
        Example(
            system="sles 12 with Centrify (format as documented)",
            text="looked\n",
            files={_CENTRIFY: "ad.example.gov.uk\n"},
            expected=(
                DIRECTORIES.known(
                    (
                        Directory(
                            kind=DirectoryKind.CENTRIFY,
                            domain="ad.example.gov.uk",
                            file=_CENTRIFY,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 that asks no directory",
            text="looked\n",
            files={_NSSWITCH: "passwd:         files\ngroup:          files\n"},
            expected=(DIRECTORIES.known(()), ACCOUNT_SOURCES.known(("files",))),
        ),
    ),
)
