"""What the questions about web servers send of a configuration, and what stays where it is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from inventory.collectors.apache import COLLECTOR as APACHE
from inventory.collectors.nginx import COLLECTOR as NGINX
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Known
from inventory.model.instances import Instance

HIDDEN = "Tr0ub4dor"
S = HIDDEN

APACHE_FILE = f"""\
# ServerName commented.example
ServerName main.example:80
Listen 8080
<IfModule mod_ssl.c>
    Listen 8443
</IfModule>
SetEnv DB_PASSWORD {S}
<VirtualHost 10.0.0.4:80 [2001:db8::4]:80>
    ServerName https://www.example.gov.uk:443
    serveralias example.gov.uk \\
        *.example.gov.uk
    DocumentRoot "/srv/www/two words"
    AuthUserFile /etc/{S}
    RequestHeader set Authorization "Basic {S}"
    <Proxy "balancer://pool">
        BalancerMember "http://10.0.0.5:8080" route=a secret={S}
        BalancerMember "http://10.0.0.6:8080"
    </Proxy>
    ProxyPass "/app" "balancer://pool/app"
    ProxyPass /pay https://me:{S}@10.0.0.7/pay?key={S}
    ProxyPassMatch ^/(.*\\.php(/.*)?)$ fcgi://10.0.0.8:9000/srv/$1
    ProxyPass /static !
    SSLCertificateFile /etc/ssl/www.pem
    SSLCertificateKeyFile /etc/ssl/{S}.key
    <Location /old>
        ProxyPass http://10.0.0.9:81/
    </Location>
</VirtualHost>
"""

NGINX_FILE = f"""\
http {{
  map $http_x $y {{ default "{S}"; "~^a{{2}}$" 1; }}
  server {{ listen 80; listen [::]:80; server_name 'a.example' b.example; root "/srv/two words"; }}
  server {{
    listen 443 ssl http2; listen 443 quic; listen unix:/run/x.sock;
    server_name c.example; # {{ a brace in a comment
    ssl_certificate /etc/ssl/c.pem; ssl_certificate_key /etc/ssl/{S}.key;
    location ~ "^/x{{1,3}}$" {{ fastcgi_pass unix:/run/php.sock; fastcgi_param PASS {S}; }}
    location /y {{
      proxy_set_header Authorization "Basic {S}";
      proxy_pass
        http://10.0.0.5:8000/y?token={S};
    }}
  }}
}}
stream {{ server {{ listen 5353 udp; proxy_pass 10.0.0.53:53; }} }}
"""


def tools() -> list[str | None]:
    """Return folders whose tools are asked: the system's, and BusyBox's if it is there."""
    return [None, "busybox"] if shutil.which("busybox") else [None]


@pytest.fixture(params=tools(), ids=lambda each: each or "system")
def path(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a PATH with the system's tools, or with nothing but BusyBox's."""
    if request.param is None:
        return "/usr/bin:/bin"
    for applet in ("awk", "sh", "tr", "sed"):
        (tmp_path / applet).symlink_to(shutil.which("busybox") or "")
    return str(tmp_path)


def ask(collector: Collector, usual: str, file: Path, path: str) -> tuple[str, list[Instance]]:
    """Ask a collector's question about one file; return what was sent and what was read."""
    said = subprocess.run(
        ["/bin/sh", "-s"],
        input=collector.script.replace(usual, str(file)),
        env={"LC_ALL": "C", "PATH": path},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert said.stderr == ""
    (told,) = collector.read(Answer(text=said.stdout))
    assert isinstance(told.fact, Known)
    mine = [each for each in told.fact.value if each.detail("configured in") == (str(file),)]
    return said.stdout, mine


def test_a_site_of_apache_is_told_without_its_secrets(tmp_path: Path, path: str) -> None:
    """Continued lines, quotes, balancers and locations are read; nothing else is sent."""
    file = tmp_path / "apache2.conf"
    file.write_text(APACHE_FILE)
    said, sites = ask(APACHE, "/etc/apache2/apache2.conf", file, path)
    assert HIDDEN not in said
    (site,) = sites
    assert site.name == "www.example.gov.uk"
    assert site.detail("also called") == ("example.gov.uk", "*.example.gov.uk")
    assert site.ports == ("80/tcp",)
    assert site.path == "/srv/www/two words"
    assert site.detail("passes to") == (
        "http://10.0.0.5:8080",
        "http://10.0.0.6:8080",
        "https://***@10.0.0.7/pay",
        "fcgi://10.0.0.8:9000/srv/$1",
        "http://10.0.0.9:81/",
    )
    assert site.detail("certificate") == ("/etc/ssl/www.pem",)


def test_a_site_of_nginx_is_told_without_its_secrets(tmp_path: Path, path: str) -> None:
    """Blocks on one line, braces in quotes and comments, sockets and streams are read."""
    file = tmp_path / "nginx.conf"
    file.write_text(NGINX_FILE)
    said, sites = ask(NGINX, "/etc/nginx/nginx.conf", file, path)
    assert HIDDEN not in said
    first, second, stream = sites
    assert (first.name, first.ports, first.path) == ("a.example", ("80/tcp",), "/srv/two words")
    assert first.detail("also called") == ("b.example",)
    assert (second.name, second.ports) == ("c.example", ("443/tcp", "443/udp"))
    assert second.detail("passes to") == ("unix:/run/php.sock", "http://10.0.0.5:8000/y")
    assert second.detail("certificate") == ("/etc/ssl/c.pem",)
    assert (stream.name, stream.ports) == ("default on 5353/udp", ("5353/udp",))
    assert stream.detail("passes to") == ("10.0.0.53:53",)
