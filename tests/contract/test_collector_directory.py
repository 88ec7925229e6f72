"""Directories are told from the files that also hold the passwords for them, without those."""

from __future__ import annotations

from pathlib import Path

from transplanted import said_below

from inventory.collectors.directory import COLLECTOR
from inventory.model.accounts import DIRECTORIES, KERBEROS_REALM
from inventory.model.collector import Answer
from inventory.model.fact import Facts

HIDDEN = "Tr0ub4dor"
FILES = {
    "etc/sssd/sssd.conf": f"""
# the password is {HIDDEN}
[sssd]
domains = LDAP, ad.example.org
[domain/LDAP]
id_provider = ldap
ldap_uri = ldaps://ldap-1.example.org, ldaps://ldap-2.example.org
ldap_search_base = dc=example,dc=org
ldap_default_bind_dn = cn=reader,dc=example,dc=org
ldap_default_authtok_type = password
ldap_default_authtok = {HIDDEN}
""",
    "etc/sssd/conf.d/ad.conf": f"""
[domain/ad.example.org]
id_provider = ad
ad_server = reader:{HIDDEN}@dc-1
krb5_realm = AD.EXAMPLE.ORG
""",
    "etc/samba/smb.conf": f"[global]\n security = user\n server string = {HIDDEN}\n",
    "etc/nslcd.conf": f"uri ldap://ldap-3\nbase dc=example\nbindpw {HIDDEN}\n",
    "etc/krb5.conf": f"[libdefaults]\n default_realm = EXAMPLE.ORG # {HIDDEN}\n x = {HIDDEN}\n",
    "etc/krb5.conf.d/site": "[libdefaults]\n default_realm = SITE.EXAMPLE.ORG\n",
}


def test_no_password_leaves_and_the_directories_are_told(tmp_path: Path) -> None:
    """Only names of domains, realms and servers are sent."""
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    said = said_below(tmp_path, COLLECTOR.script)
    assert HIDDEN not in said
    told = Facts.from_observations(COLLECTOR.read(Answer(text=said)))
    seen = [
        (each.domain, each.provider, each.servers, each.base)
        for each in told.value(DIRECTORIES) or ()
    ]
    assert seen == [
        (None, None, ("ldap://ldap-3",), "dc=example"),
        ("ad.example.org", "ad", (), None),
        (
            "ldap",
            "ldap",
            ("ldaps://ldap-1.example.org", "ldaps://ldap-2.example.org"),
            "dc=example,dc=org",
        ),
    ]
    assert told.value(KERBEROS_REALM) == "SITE.EXAMPLE.ORG"
