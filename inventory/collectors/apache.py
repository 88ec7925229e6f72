"""Which sites Apache serves: their names, ports, folders, and where they pass requests on to.

Of the configuration only these directives leave the server: ``VirtualHost``, ``ServerName``,
``ServerAlias``, ``Listen``, ``DocumentRoot``, ``ProxyPass``, ``ProxyPassMatch``,
``BalancerMember``, ``WSGIScriptAlias``, ``JkMount`` and ``SSLCertificateFile`` (a path). Addresses
are sent without user, password and query, and what follows them as ``name=value`` is not sent: it
may be the secret of an AJP connection.
https://httpd.apache.org/docs/2.4/mod/directives.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._apache import read_sites
from inventory.collectors._places import looked_for
from inventory.collectors._sites import CLEANING, unread
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import APACHE_SITES, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_PROGRAM: Final = (
    CLEANING
    + r"""
BEGIN {
  wanted = " <virtualhost </virtualhost <ifmodule </ifmodule <proxy </proxy servername "
  wanted = wanted "serveralias listen documentroot proxypass proxypassmatch balancermember "
  wanted = wanted "wsgiscriptalias jkmount sslcertificatefile "
}
FNR == 1 { print "@@ " FILENAME; held = "" }
held == "" && /^[ \t]*(#.*[^\\])?$/ { next }
{
  line = held $0
  held = ""
  if (sub(/\\$/, " ", line)) { held = line; next }
  sub(/^[ \t]+/, "", line)
  word = tolower(line)
  sub(/[ \t\076].*/, "", word)
  if (word != "" && index(wanted, " " word " ")) {
    gsub(/[ \t]+[A-Za-z_-]+=("[^"]*"|[^ \t]*)/, "", line)
    print clean(line)
    if (++lines == 20000) exit
  }
}
"""
)

_PLACES: Final = """
/etc/apache2/apache2.conf /etc/apache2/ports.conf /etc/apache2/sites-enabled/*
/etc/apache2/conf-enabled/*.conf /etc/apache2/httpd.conf /etc/apache2/listen.conf
/etc/apache2/vhosts.d/*.conf /etc/apache2/conf.d/*.conf /etc/httpd/conf/httpd.conf
/etc/httpd/conf.d/*.conf /etc/httpd/sites-enabled/* /etc/httpd/vhosts.d/*.conf
/usr/local/apache2/conf/httpd.conf /usr/local/apache2/conf/extra/httpd-vhosts.conf
/usr/local/apache2/conf/extra/httpd-ssl.conf /usr/local/etc/apache24/httpd.conf
"""
"""Where packages and people put its configuration."""

_SCRIPT: Final = f"""
echo '@@ looked'
{looked_for(_PLACES.split())}
for file do
  shift
  if [ -f "$file" ] && [ -r "$file" ]; then set -- "$@" "$file"
  elif [ -f "$file" ]; then printf '@@ denied %s\\n' "$file"
  fi
done
if [ "$#" -gt 0 ]; then
  # The awk of Solaris is too old for it.
  awk '{_PROGRAM}' "$@" || printf '@@ denied %s\\n' "$@"
fi
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (APACHE_SITES.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    denied = [name.removeprefix("denied ") for name in said if name.startswith("denied ")]
    files = {name: text for name, text in said.items() if name.startswith("/")}
    return (APACHE_SITES.known((*read_sites(files), *unread("apache", denied))),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(APACHE_SITES,),
    read=_read,
    examples=(
        Example(
            system="debian 12 (Apache 2.4)",
            text="""\
@@ looked
@@ /etc/apache2/apache2.conf
@@ /etc/apache2/ports.conf
Listen 80
<IfModule ssl_module>
Listen 443
</IfModule>
@@ /etc/apache2/sites-enabled/000-default.conf
<VirtualHost *:80>
DocumentRoot /var/www/html
</VirtualHost>
@@ /etc/apache2/sites-enabled/intranet.conf
<VirtualHost *:443>
ServerName intranet.example.gov.uk
ServerAlias intranet staff.example.gov.uk
DocumentRoot "/srv/www/in tranet"
SSLCertificateFile /etc/ssl/certs/intranet.pem
ProxyPass /ledger http://10.0.0.8:8080/ledger
ProxyPass /static !
<Proxy balancer://pool>
BalancerMember http://10.0.0.9:8009
</Proxy>
ProxyPass / balancer://pool/
</VirtualHost>
""",
            expected=(
                APACHE_SITES.known(
                    (
                        Instance(
                            application="apache",
                            kind=InstanceKind.SITE,
                            name="default on 80/tcp",
                            path="/var/www/html",
                            ports=("80/tcp",),
                            details=(
                                Detail(
                                    name="configured in",
                                    value="/etc/apache2/sites-enabled/000-default.conf",
                                ),
                            ),
                        ),
                        Instance(
                            application="apache",
                            kind=InstanceKind.SITE,
                            name="intranet.example.gov.uk",
                            path="/srv/www/in tranet",
                            ports=("443/tcp",),
                            details=(
                                Detail(name="also called", value="intranet"),
                                Detail(name="also called", value="staff.example.gov.uk"),
                                Detail(name="passes to", value="http://10.0.0.8:8080/ledger"),
                                Detail(name="passes to", value="http://10.0.0.9:8009"),
                                Detail(name="certificate", value="/etc/ssl/certs/intranet.pem"),
                                Detail(
                                    name="configured in",
                                    value="/etc/apache2/sites-enabled/intranet.conf",
                                ),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9, whose main server has the only folder (format as documented)",
            text="""\
@@ looked
@@ /etc/httpd/conf/httpd.conf
Listen 80
DocumentRoot "/var/www/html"
@@ /etc/httpd/conf.d/ssl.conf
Listen 443 https
<VirtualHost _default_:443>
SSLCertificateFile /etc/pki/tls/certs/localhost.crt
</VirtualHost>
""",
            expected=(
                APACHE_SITES.known(
                    (
                        Instance(
                            application="apache",
                            kind=InstanceKind.SITE,
                            name="default on 80/tcp, 443/tcp",
                            path="/var/www/html",
                            ports=("80/tcp", "443/tcp"),
                            details=(
                                Detail(name="configured in", value="/etc/httpd/conf/httpd.conf"),
                            ),
                        ),
                        Instance(
                            application="apache",
                            kind=InstanceKind.SITE,
                            name="default on 443/tcp",
                            ports=("443/tcp",),
                            details=(
                                Detail(
                                    name="certificate", value="/etc/pki/tls/certs/localhost.crt"
                                ),
                                Detail(name="configured in", value="/etc/httpd/conf.d/ssl.conf"),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without Apache",
            text="@@ looked\n",
            expected=(APACHE_SITES.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(APACHE_SITES.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)
