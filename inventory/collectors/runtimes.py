"""Which language runtimes and compilers are there, by the names of their folders and files.

None of them is started. Python has a question of its own; what came as a package is told there too.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from inventory.collectors._places import looked_for
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.software import RUNTIMES, Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_JAVA: Final = (
    "/usr/lib/jvm/*", "/usr/lib64/jvm/*", "/usr/java*", "/usr/java/*", "/opt/j[dr][ke]*",
    "/opt/java*", "/opt/java/*", "/usr/local/j[dr][ke]*", "/usr/local/java*", "/usr/local/openjdk*",
    "/opt/IBM/WebSphere/AppServer/java*", "/u01/app/oracle/product/*/*/jdk",
)  # fmt: skip
_LIB: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib")
_FILES: Final = (
    *(f"{folder}/release" for folder in _JAVA),
    "/usr/include/node/node_version.h", "/usr/local/include/node/node_version.h",
    "/opt/*/include/node/node_version.h",
    "/usr/local/go/VERSION", "/usr/lib/go-*/VERSION", "/usr/lib/golang/VERSION",
    *(f"{folder}/R/library/base/DESCRIPTION" for folder in _LIB),
    *(f"{folder}/erlang/releases/*/OTP_VERSION" for folder in _LIB),
)  # fmt: skip
_FOLDERS: Final = (
    *_JAVA,
    "/usr/local/nvm/versions/node/v*", "/opt/nvm/versions/node/v*",
    "/etc/php/[0-9]*", "/opt/remi/php[0-9]*", "/opt/plesk/php/[0-9]*",
    "/usr/local/bin/perl5.*",
    *(f"{folder}/ruby/[0-9]*" for folder in _LIB),
    "/opt/rubies/ruby-*", "/usr/local/rbenv/versions/*", "/usr/local/rvm/rubies/ruby-*",
    "/usr/share/dotnet/shared/*/*", "/usr/lib/dotnet/shared/*/*", "/usr/lib64/dotnet/shared/*/*",
    "/usr/lib/gcc/*/[0-9]*", "/opt/rh/*/root/usr/lib/gcc/*/[0-9]*",
)  # fmt: skip

# To list /usr/bin takes long: a perl is looked for there by the versions that its folders name.
_SCRIPT = f"""
if [ -r /usr/lib ] && [ -r /usr/bin ]; then echo '@@ looked'; fi
{looked_for(_FOLDERS)}
for folder do
  if [ -e "$folder" ]; then printf '%s\\n' "$folder"; fi
done
if [ -x /usr/bin/perl ]; then
  perls=
  for folder in /usr/share/perl/5.*.* /usr/lib/perl5/5.*.*; do
    if [ -x "/usr/bin/perl${{folder##*/}}" ]; then
      perls=1
      printf '%s\\n' "/usr/bin/perl${{folder##*/}}"
    fi
  done
  if ! [ "$perls" ]; then
    for folder in /usr/bin/perl5.*; do
      if [ -e "$folder" ]; then printf '%s\\n' "$folder"; fi
    done
  fi
fi
:
"""

_FORMS: Final = tuple(
    (name, re.compile(form))
    for name, form in (
        ("java", r".*/(?:jdk|jre|java)-?(?P<version>1\.\d\.\d_\d+)[^/]*"),
        ("node", r".*/versions/node/v(?P<version>\d+\.\d+\.\d+)"),
        ("php", r"/etc/php/(?P<version>\d+\.\d+)|/opt/plesk/php/(?P<plesk>\d+\.\d+)"),
        ("php", r"/opt/remi/php(?P<version>\d)(?P<minor>\d+)"),
        ("perl", r".*/bin/perl(?P<version>5\.\d+\.\d+)"),
        ("ruby", r".*/ruby/(?P<version>\d+\.\d+(?:\.\d+)?)"),
        ("ruby", r".*/(?:rubies/ruby-|rbenv/versions/)(?P<version>\d+\.\d+\.\d+)[^/]*"),
        ("dotnet", r".*/dotnet/shared/[^/]+/(?P<version>\d+\.\d+[^/]*)"),
        ("gcc", r".*/lib/gcc/[^/]+/(?P<version>\d+(?:\.\d+)*)"),
    )
)
_NODE: Final = re.compile(r"#define NODE_(MAJOR|MINOR|PATCH)_VERSION (\d+)")
_VERSION: Final = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_GO: Final = re.compile(r"go(\d+(?:\.\d+)*)")


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "looked" not in said:
        return (RUNTIMES.unknown(Reason.NOT_TOLD, "/usr may not be listed"),)
    by_file = [*_by_files(answer.files)]
    told = {each.path for each in by_file}
    by_folder = [each for each in _by_folders(said["looked"]) if each.path not in told]
    once: dict[tuple[str, str, str | None], Runtime] = {}
    for each in sorted([*by_file, *by_folder], key=attrgetter("name", "version", "path")):
        once.setdefault((each.name, each.version, each.vendor), each)
    return (RUNTIMES.known(tuple(once.values())),)


def _by_folders(text: str) -> Iterator[Runtime]:
    for path in text.splitlines():
        for name, form in _FORMS:
            match = form.fullmatch(path)
            if match:
                words = [word for word in match.groups() if word]
                yield Runtime(name=name, version=".".join(words), path=path)
                break


def _by_files(files: Mapping[str, str]) -> Iterator[Runtime]:
    for path, content in files.items():
        folder, _, file = path.rpartition("/")
        if file == "release":
            told = dict(line.split("=", 1) for line in content.splitlines() if "=" in line)
            version = told.get("JAVA_VERSION", "").strip('"')
            vendor = told.get("IMPLEMENTOR", "").strip('"') or None
            found: tuple[str, str, str, str | None] = ("java", version, folder, vendor)
        elif file == "node_version.h":
            numbers = dict(_NODE.findall(content))
            version = ".".join(numbers.get(part, "") for part in ("MAJOR", "MINOR", "PATCH"))
            found = ("node", version.strip("."), path, None)
        elif file == "VERSION" and "/go" in path:
            match = _GO.match(content)
            found = ("go", match[1] if match else "", folder, None)
        elif file == "DESCRIPTION":
            match = _VERSION.search(content)
            found = ("r", match[1] if match else "", folder.partition("/library")[0], None)
        elif file == "OTP_VERSION":
            found = ("erlang", content.strip(), folder, None)
        else:
            continue
        if found[1]:
            yield Runtime(name=found[0], version=found[1], path=found[2], vendor=found[3])


COLLECTOR = Collector(
    files=_FILES,
    script=_SCRIPT,
    tidy=True,
    tells=(RUNTIMES,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ looked
/usr/lib/jvm/java-1.17.0-openjdk-amd64
/usr/lib/jvm/java-17-openjdk-amd64
/usr/lib/jvm/openjdk-17
/etc/php/8.2
/usr/bin/perl5.36-x86_64-linux-gnu
/usr/bin/perl5.36.0
/usr/lib/ruby/3.1.0
/usr/lib/gcc/x86_64-linux-gnu/12
""",
            files={
                "/usr/lib/jvm/java-1.17.0-openjdk-amd64/release": (
                    'IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n'
                ),
                "/usr/lib/jvm/java-17-openjdk-amd64/release": (
                    'IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n'
                ),
                "/usr/include/node/node_version.h": (
                    "#ifndef SRC_NODE_VERSION_H_\n#define NODE_MAJOR_VERSION 20\n"
                    "#define NODE_MINOR_VERSION 20\n#define NODE_PATCH_VERSION 2\n"
                ),
                "/usr/local/go/VERSION": "go1.22.4\ntime 2024-05-30T19:26:07Z\n",
                "/usr/lib/R/library/base/DESCRIPTION": "Package: base\nVersion: 4.2.2\n",
                "/usr/lib/erlang/releases/25/OTP_VERSION": "25.2.3\n",
            },
            expected=(
                RUNTIMES.known(
                    (
                        Runtime(
                            name="erlang", version="25.2.3", path="/usr/lib/erlang/releases/25"
                        ),
                        Runtime(name="gcc", version="12", path="/usr/lib/gcc/x86_64-linux-gnu/12"),
                        Runtime(name="go", version="1.22.4", path="/usr/local/go"),
                        Runtime(
                            name="java",
                            version="17.0.15",
                            path="/usr/lib/jvm/java-1.17.0-openjdk-amd64",
                            vendor="Debian",
                        ),
                        Runtime(
                            name="node", version="20.20.2", path="/usr/include/node/node_version.h"
                        ),
                        Runtime(name="perl", version="5.36.0", path="/usr/bin/perl5.36.0"),
                        Runtime(name="php", version="8.2", path="/etc/php/8.2"),
                        Runtime(name="r", version="4.2.2", path="/usr/lib/R"),
                        Runtime(name="ruby", version="3.1.0", path="/usr/lib/ruby/3.1.0"),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 with an old JDK (format as documented)",
            text="""\
@@ looked
/usr/java/jdk1.6.0_45
/opt/remi/php74
/usr/share/dotnet/shared/Microsoft.NETCore.App/6.0.30
""",
            expected=(
                RUNTIMES.known(
                    (
                        Runtime(
                            name="dotnet",
                            version="6.0.30",
                            path="/usr/share/dotnet/shared/Microsoft.NETCore.App/6.0.30",
                        ),
                        Runtime(name="java", version="1.6.0_45", path="/usr/java/jdk1.6.0_45"),
                        Runtime(name="php", version="7.4", path="/opt/remi/php74"),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox), which has none",
            text="@@ looked\n",
            expected=(RUNTIMES.known(()),),
        ),
        Example(
            system="a server that answered nothing",
            text="",
            expected=(RUNTIMES.unknown(Reason.NOT_TOLD, "/usr may not be listed"),),
        ),
    ),
)
