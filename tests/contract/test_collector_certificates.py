"""Certificates are found where services name them, and no private key ever leaves a server."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import NameOID
from transplanted import said_below

from inventory.collectors.certificates import COLLECTOR
from inventory.model.certificates import CERTIFICATES, CertificateFile
from inventory.model.collector import Answer
from inventory.model.fact import Facts
from inventory.x509 import read_certificate

HIDDEN = "Tr0ub4dor"


def pair(name: str) -> tuple[str, str]:
    """Return a certificate and its private key, in which nothing is public."""
    key = ed25519.Ed25519PrivateKey.generate()
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(named).issuer_name(named)
    builder = builder.public_key(key.public_key()).serial_number(7)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=9))
    certificate = builder.sign(key, None)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return public.decode(), private.decode()


@pytest.fixture(scope="module")
def keys() -> list[str]:
    """Collect the private keys that were put on the server."""
    return []


@pytest.fixture
def server(tmp_path: Path, keys: list[str]) -> Path:
    """Make a server's files, with keys in every place where one may stand."""
    certificate: dict[str, str] = {}
    key: dict[str, str] = {}
    for name in ("www", "both", "first", "cut", "bent", "crlf", "pg", "mongo", "dir", "mail"):
        certificate[name], key[name] = pair(name)
    keys.extend(key.values())
    body = certificate["cut"].split("-----END", maxsplit=1)[0]
    for path, content in {
        "etc/nginx/nginx.conf": """
            http { include sites-enabled/*;
            # ssl_certificate /etc/ssl/commented.pem;
            ssl_certificate ssl/www.pem; ssl_certificate_key /etc/ssl/private/www.key;
            ssl_trusted_certificate /etc/ssl/ca.pem; }""",
        "etc/nginx/ssl/www.pem": certificate["www"] * 3,
        "etc/nginx/conf.d/mail.conf": f"proxy_set_header X 'password={HIDDEN}';",
        "etc/haproxy/haproxy.cfg": f"""
            frontend www
              bind :443 ssl crt /etc/haproxy/both.pem crt /etc/haproxy/certs alpn h2
              stats auth admin:{HIDDEN} # crt""",
        "etc/haproxy/both.pem": certificate["both"] + key["both"],
        "etc/haproxy/certs/dir.pem": key["dir"] + certificate["dir"] + certificate["www"],
        "etc/haproxy/certs/first.pem": key["first"] + certificate["first"],
        "etc/haproxy/certs/cut.pem": body + key["cut"],
        "etc/haproxy/certs/bent.pem": body + key["bent"].replace("-----", "  -----"),
        "etc/haproxy/certs/crlf.pem": (certificate["crlf"] + key["crlf"]).replace("\n", "\r\n"),
        "etc/postfix/main.cf": f"smtpd_tls_cert_file=/etc/mail.pem\nx = pem {HIDDEN}\n",
        "etc/mail.pem": certificate["mail"],
        "var/lib/pgsql/15/data/postgresql.conf": "ssl_cert_file = 'server.crt'\n",
        "var/lib/pgsql/15/data/server.crt": certificate["pg"],
        "etc/mongod.conf": "net:\n  tls:\n    certificateKeyFile: /etc/mongo.pem\n",
        "etc/mongo.pem": key["mongo"] + certificate["mongo"],
        "etc/tomcat10/server.xml": f"""<Server>
            <!-- <Certificate certificateKeystoreFile="conf/old.jks"/> -->
            <Certificate certificateKeystoreFile="/etc/tomcat10/shop.jks"
              certificateKeystorePassword="{HIDDEN}" type="RSA" /></Server>""",
        "etc/tomcat10/shop.jks": HIDDEN,
        "etc/ssl/lone.crt": "no certificate",
        "etc/ssl/ca.pem": certificate["www"],
        "etc/dovecot/dovecot.conf": "ssl_cert = </etc/gone.pem\n",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(re.sub(r"""(?<=[ =<"])/etc/""", f"{tmp_path}/etc/", content).encode())
    return tmp_path


@pytest.fixture(params=["mawk", "gawk", "busybox awk"])
def said(request: pytest.FixtureRequest, server: Path) -> str:
    """Return what the collector's script says of that server."""
    return said_below(server, COLLECTOR.script, awk=request.param)


def test_no_private_key_leaves(said: str, keys: list[str]) -> None:
    """Not one line of a key is sent, wherever in a file it stands, and no password either."""
    lines = {line.strip() for key in keys for line in key.splitlines()}
    assert not {line for line in lines if line and line in said}
    assert "PRIVATE" not in said
    assert HIDDEN not in said


def test_certificates_are_found_with_those_who_use_them(said: str) -> None:
    """Each is told once, with its configuration; a chain is counted, a keystore named."""
    told = Facts.from_observations(COLLECTOR.read(Answer(text=said))).value(CERTIFICATES)
    assert told is not None
    seen = {each.path: _summary(each) for each in told}
    assert seen == {
        "/etc/nginx/ssl/www.pem": ("CN=www", 2, "/etc/nginx/nginx.conf"),
        "/etc/haproxy/both.pem": ("CN=both", 0, "/etc/haproxy/haproxy.cfg"),
        "/etc/haproxy/certs/dir.pem": ("CN=dir", 1, "/etc/haproxy/haproxy.cfg"),
        "/etc/haproxy/certs/first.pem": ("CN=first", 0, "/etc/haproxy/haproxy.cfg"),
        "/etc/haproxy/certs/cut.pem": ("CN=cut", 0, "/etc/haproxy/haproxy.cfg"),
        "/etc/haproxy/certs/bent.pem": ("CN=cut", 0, "/etc/haproxy/haproxy.cfg"),
        "/etc/haproxy/certs/crlf.pem": ("CN=crlf", 0, "/etc/haproxy/haproxy.cfg"),
        "/etc/mail.pem": ("CN=mail", 0, "/etc/postfix/main.cf"),
        "/var/lib/pgsql/15/data/server.crt": (
            "CN=pg", 0, "/var/lib/pgsql/15/data/postgresql.conf",
        ),
        "/etc/mongo.pem": ("CN=mongo", 0, "/etc/mongod.conf"),
        "/etc/tomcat10/shop.jks": ("a keystore, which opens only with its password", 0,
                                   "/etc/tomcat10/server.xml"),
        "/etc/ssl/lone.crt": ("it holds no certificate in PEM form", 0, ""),
        "/etc/gone.pem": (
            "it is not there, or in a folder that the account may not look into", 0,
            "/etc/dovecot/dovecot.conf",
        ),
    }  # fmt: skip


def _summary(file: CertificateFile) -> tuple[str, int, str]:
    subject = file.certificate.subject if file.certificate else str(file.why_unread)
    return subject, file.more, ", ".join(file.used_by)


def test_what_is_no_certificate_says_so() -> None:
    """Bytes that are none are a ValueError, whatever they are."""
    for data in (b"", b"\x30\x03\x02\x01\x01", b"text" * 50):
        with pytest.raises(ValueError, match="parsing"):
            read_certificate(data)
