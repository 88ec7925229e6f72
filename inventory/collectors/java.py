"""Which Java servers run, on which ports, and what is deployed in them.

Tomcat, JBoss and WildFly, Jetty, GlassFish and Payara, WebLogic and WebSphere are known by the
properties that they are started with; anything else by the archive that ``java -jar`` runs. Of a
configuration only connectors, contexts and deployments leave the server, each by its port,
protocol, path and name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._java import read_servers
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.instances import JAVA, Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from inventory.model.fact import Observation

# 074 and 076 are the angle brackets, which would look like redirections.
_TAGS: Final = r"""
function value(tag, name) {
  if (!match(tag, "[ \t]" name "=\"[^\"]*\"")) return ""
  return substr(tag, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}
{
  line = held $0 " "
  held = ""
  while ((start = index(line, "\074!--")) != 0) {
    finish = index(substr(line, start), "--\076")
    if (finish == 0) { held = line; next }
    line = substr(line, 1, start - 1) substr(line, start + finish + 2)
  }
  while (match(line, "\074[^\074\076]*\076")) {
    tag = substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
    if (tag ~ "^\074Connector[ \t]")
      print "connector " value(tag, "port") " " value(tag, "protocol")
    if (tag ~ "^\074Context[ \t]") print "context " value(tag, "path") "|" value(tag, "docBase")
    if (tag ~ "^\074deployment[ \t]") print "deployed " value(tag, "name")
  }
  held = line
}
"""

_SCRIPT: Final = f"""
java_tags() {{
  if [ -r "$1" ]; then awk '{_TAGS}' "$1"; elif [ -e "$1" ]; then echo "denied $1"; fi
}}
java_deployed() {{
  for file in "$@"; do
    if [ -e "$file" ]; then printf 'deployed %s\\n' "$file"; fi
  done
}}
java_folder() {{
  if [ ! -r "$1" ] || [ ! -x "$1" ]; then printf 'denied %s\\n' "$1"; fi
}}
# Other systems than Linux, and Linux before 2.6.33, do not show what runs so.
if [ -r "/proc/$$/comm" ]; then echo '@@ looked'; fi
for process in /proc/[0-9]*; do
  java_name=
  read -r java_name <"$process/comm"
  case $java_name in java|jsvc*|beasvc*) ;; *) continue ;; esac
  printf '@@ java %s\\n' "${{process#/proc/}}"
  tr '\\000' '\\012' <"$process/cmdline" |
    sed -n -e 's/^-Dcatalina\\.base=/tomcat /p' -e 's/^-Dcatalina\\.home=/home /p' \\
      -e 's/^-Djboss\\.server\\.base\\.dir=/jboss /p' -e 's/^-Djboss\\.home\\.dir=/home /p' \\
      -e 's/^-Djetty\\.base=/jetty /p' -e 's/^-Duser\\.install\\.root=/websphere /p' \\
      -e 's/^-Dcom\\.sun\\.aas\\.instanceRoot=/glassfish /p' \\
      -e 's/^-Dweblogic\\.Name=/weblogic /p' -e '/^-jar$/{{n;s/^/jar /p;}}' |
    while read -r kind path; do
      printf '%s %s\\n' "$kind" "$path"
      case $kind in
      home)
        grep -m 1 -o 'Tomcat Version [0-9.]*' "$path/RELEASE-NOTES"
        if [ -r "$path/version.txt" ]; then grep -m 1 '' "$path/version.txt"; fi
        ;;
      tomcat)
        java_tags "$path/conf/server.xml"
        java_folder "$path/webapps"
        java_deployed "$path"/webapps/* "$path"/conf/[A-Z]*/*/*.xml
        ;;
      jboss)
        java_tags "$path/configuration/standalone.xml"
        java_folder "$path/deployments"
        java_deployed "$path"/deployments/*.[wejr]ar
        ;;
      jetty) java_deployed "$path"/webapps/*.war "$path"/webapps/*.xml "$path"/webapps/*/ ;;
      glassfish) java_deployed "$path"/applications/[!_]* ;;
      websphere) java_deployed "$path"/installedApps/*/*.ear ;;
      weblogic)
        if [ ! -r "$process/cwd/config/config.xml" ]; then
          printf 'denied %s\\n' "$process/cwd/config/config.xml"
        fi
        sed -n -e '/<app-deployment./,/<.app-deployment./{{s/.*<source-path./deployed /;t found' \\
          -e d -e ': found' -e 's/<.*//p;}}' "$process/cwd/config/config.xml"
        ;;
      esac
    done
done
:
"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (JAVA.unknown(Reason.NOT_TOLD, "the question was not answered"),)
    return (JAVA.known(tuple(read_servers(said))),)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(JAVA,),
    read=_read,
    examples=(
        Example(
            system="debian 12 (Tomcat 10.1), and an archive of one's own",
            text="""\
@@ looked
@@ java 812
tomcat /var/lib/tomcat10
connector 8080 HTTP/1.1
context /old|/srv/old ledger
deployed /var/lib/tomcat10/webapps/ROOT
deployed /var/lib/tomcat10/webapps/ledger
deployed /var/lib/tomcat10/webapps/ledger.war
deployed /var/lib/tomcat10/webapps/api#v1.war
home /usr/share/tomcat10
@@ java 900
jar /opt/own/app.jar
""",
            expected=(
                JAVA.known(
                    (
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.SERVER,
                            name="/var/lib/tomcat10",
                            path="/var/lib/tomcat10",
                            ports=("8080/tcp",),
                            pid=812,
                            details=(
                                Detail(name="connector", value="8080 HTTP/1.1"),
                                Detail(name="home", value="/usr/share/tomcat10"),
                            ),
                        ),
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.DEPLOYMENT,
                            name="/old",
                            of="/var/lib/tomcat10",
                            path="/srv/old ledger",
                            pid=812,
                        ),
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.DEPLOYMENT,
                            name="/",
                            of="/var/lib/tomcat10",
                            path="/var/lib/tomcat10/webapps/ROOT",
                            pid=812,
                        ),
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.DEPLOYMENT,
                            name="/ledger",
                            of="/var/lib/tomcat10",
                            path="/var/lib/tomcat10/webapps/ledger",
                            pid=812,
                        ),
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.DEPLOYMENT,
                            name="/api/v1",
                            of="/var/lib/tomcat10",
                            path="/var/lib/tomcat10/webapps/api#v1.war",
                            pid=812,
                        ),
                        Instance(
                            application="java",
                            kind=InstanceKind.DEPLOYMENT,
                            name="app.jar",
                            path="/opt/own/app.jar",
                            pid=900,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 with JBoss EAP 7 and Tomcat (format as documented)",
            text="""\
@@ looked
@@ java 77
home /opt/jboss-eap-7.4
Red Hat JBoss Enterprise Application Platform - Version 7.4.0.GA
jboss /opt/jboss-eap-7.4/standalone
deployed planning.ear
deployed /opt/jboss-eap-7.4/standalone/deployments/planning.ear
@@ java 78
home /opt/tomcat
Tomcat Version 9.0.65
tomcat /srv/tomcat
denied /srv/tomcat/conf/server.xml
denied /srv/tomcat/webapps
""",
            expected=(
                JAVA.known(
                    (
                        Instance(
                            application="jboss",
                            kind=InstanceKind.SERVER,
                            name="/opt/jboss-eap-7.4/standalone",
                            version="7.4.0",
                            path="/opt/jboss-eap-7.4/standalone",
                            pid=77,
                            details=(Detail(name="home", value="/opt/jboss-eap-7.4"),),
                        ),
                        Instance(
                            application="jboss",
                            kind=InstanceKind.DEPLOYMENT,
                            name="planning.ear",
                            of="/opt/jboss-eap-7.4/standalone",
                            path="/opt/jboss-eap-7.4/standalone/deployments/planning.ear",
                            pid=77,
                        ),
                        Instance(
                            application="tomcat",
                            kind=InstanceKind.SERVER,
                            name="/srv/tomcat",
                            version="9.0.65",
                            path="/srv/tomcat",
                            pid=78,
                            details=(
                                Detail(name="home", value="/opt/tomcat"),
                                Detail(
                                    name="not read",
                                    value="/srv/tomcat/conf/server.xml needs privilege",
                                ),
                                Detail(
                                    name="not read", value="/srv/tomcat/webapps needs privilege"
                                ),
                            ),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server where no Java runs", text="@@ looked\n", expected=(JAVA.known(()),)
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(JAVA.unknown(Reason.NOT_TOLD, "the question was not answered"),),
        ),
    ),
)
