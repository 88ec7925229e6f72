"""Who may get in by which key, how the SSH server lets them in, and what they may do by sudo.

One ``awk`` on the server picks what is safe to send. Of sudoers files: rules and aliases, without
comments, without ``Defaults``, and without the arguments of commands, which may hold passwords. Of
``sshd_config``: the directives that decide who gets in. Of ``authorized_keys``: the public key and
a comment of the form ``name@place``, without options, which may hold commands.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, Final

from inventory.collectors._sshd_config import MAIN, read_sshd_config
from inventory.collectors._sudoers import read_sudoers
from inventory.collectors._text import by_file
from inventory.model.accounts import (
    AUTHORIZED_KEYS,
    HOST_KEYS,
    SSH_SERVER,
    SUDO_ALIASES,
    SUDO_RULES,
    SUDO_UNREAD,
    AuthorizedKey,
    HostKey,
    SshServer,
    SshSetting,
    SudoRule,
)
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import FactKey, Observation

_DIRECTIVES: Final = (
    "port|listenaddress|addressfamily|protocol|permitrootlogin|passwordauthentication|"
    "kbdinteractiveauthentication|challengeresponseauthentication|pubkeyauthentication|"
    "gssapiauthentication|kerberosauthentication|hostbasedauthentication|permitemptypasswords|"
    "authenticationmethods|authorizedkeysfile|trustedusercakeys|usepam|allowusers|allowgroups|"
    "denyusers|denygroups|maxauthtries|maxsessions|maxstartups|x11forwarding|allowtcpforwarding|"
    "gatewayports|permittunnel|chrootdirectory|subsystem|hostkey|ciphers|macs|kexalgorithms|"
    "match|include"
)
# Lines come as they are from files, or as grep writes them, each with its file's name.
_AWK: Final = (
    r"""
{ file = FILENAME; line = $0 }
piped { colon = index($0, ":"); file = substr($0, 1, colon - 1); line = substr($0, colon + 1) }
file != last { print "read:" file; last = file; begun = "" }
file ~ /sudoers/ {
  if (line ~ /\\$/) { begun = begun substr(line, 1, length(line) - 1) " "; next }
  line = begun line; begun = ""
  if (line ~ /^[ \t]*#/ && line !~ /^[ \t]*#(include|[0-9])/) next
  if (line ~ /^[ \t]*Defaults/) next
  sub(/[ \t]#([^0-9].*)?$/, "", line)
  said = ""
  while (match(line, /\/[^ \t,:\\]+[ \t]+([^,:\\]|\\.)+/)) {
    split(substr(line, RSTART, RLENGTH), words, /[ \t]/)
    said = said substr(line, 1, RSTART - 1) words[1] " ..."
    line = substr(line, RSTART + RLENGTH)
  }
  if (said line ~ /[^ \t]/) print file ":" said line
}
file ~ /sshd_config/ {
  name = tolower(line); sub(/^[ \t]+/, "", name); sub(/[ \t=].*/, "", name)
  if (name ~ /^("""
    + _DIRECTIVES
    + r""")$/) print file ":" line
}
file ~ /\/authorized_keys2?$/ && line !~ /^[ \t]*#/ {
  if (match(line, /(ssh|ecdsa|sk)-[a-z0-9@.-]+[ \t]+AAAA[A-Za-z0-9+\/=]+/)) {
    note = substr(line, RSTART + RLENGTH); line = substr(line, RSTART, RLENGTH)
    sub(/^[ \t]+/, "", note)
    if (note !~ /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+[ \t]*$/) note = ""
    print file ":" line " " note
  }
}"""
)
# It looks into a folder of people only as deep as their .ssh.
_FIND: Final = (
    "find /etc/sudoers /etc/sudoers.d /etc/ssh/sshd_config /etc/ssh/sshd_config.d /root/.ssh /home "
    "-xdev -maxdepth 3 -type d -path '/home/*/[!.]*' -prune -o -type f "
    r"\( -path '/etc/*' -o -name authorized_keys -o -name authorized_keys2 \) "
    "-exec grep . /dev/null '{}' +"
)
_SCRIPT: Final = (
    r"""
# shellcheck disable=SC2016
pick() { piped=$1; shift; awk -v piped="$piped" '"""
    + _AWK
    + r"""' "$@"; }
set --
for file in /etc/sudoers /etc/sudoers.d/* /usr/local/etc/sudoers /usr/local/etc/sudoers.d/* \
  /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf \
  /root/.ssh/authorized_keys /root/.ssh/authorized_keys2 \
  /home/*/.ssh/authorized_keys /home/*/.ssh/authorized_keys2; do
  if [ -f "$file" ]; then
    echo "there:$file"
    if [ -r "$file" ]; then set -- "$@" "$file"; else echo "denied:$file"; fi
  fi
done
for folder in /etc/sudoers.d /etc/ssh/sshd_config.d /root; do
  if [ -r "$folder" ]; then echo "read:$folder"
  elif [ -d "$folder" ]; then echo "denied:$folder"; fi
done
if [ "$SUDO" ]; then
  privileged """
    + _FIND
    + r""" | pick 1
elif [ "$#" -gt 0 ]; then
  pick 0 "$@"
fi
:
"""
)

_SUDOERS: Final = ("/etc/sudoers", "/usr/local/etc/sudoers")
_KEYS: Final = "/etc/ssh/ssh_host_*_key.pub"
_ROOT_HOME: Final = "/root"
_KEY_WORDS = 2


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = by_file(answer.text)
    said = _Said(answer.text)
    return (
        *_sudo(files, said),
        _ssh(files, said),
        _authorized(files, said),
        _host_keys(answer.files),
    )


class _Said:
    """Which files the script says are there, were read, and may not be read."""

    def __init__(self, text: str) -> None:
        words = [line.partition(":") for line in text.splitlines()]
        self.there = [path for word, _, path in words if word == "there"]
        self.read = {path for word, _, path in words if word == "read"}
        self.denied = [
            path for word, _, path in words if word == "denied" and not self._was_read(path)
        ]

    def _was_read(self, path: str) -> bool:
        return path in self.read or any(each.startswith(f"{path}/") for each in self.read)

    def denied_below(self, *folders: str) -> list[str]:
        return [each for each in self.denied if each.startswith(folders)]

    def missing(self, key: FactKey[Any], path: str) -> Observation:
        if path in self.denied:
            return key.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {path}")
        why = f"{path} was not read" if path in self.there else f"there is no {path}"
        return key.unknown(Reason.NOT_TOLD, why)


def _sudo(files: Mapping[str, list[str]], said: _Said) -> tuple[Observation, ...]:
    keys: tuple[FactKey[Any], ...] = (SUDO_RULES, SUDO_ALIASES, SUDO_UNREAD)
    main = next((path for path in _SUDOERS if path in said.there), None)
    if main is None:
        detail = "there is no /etc/sudoers"
        return tuple(key.unknown(Reason.NOT_TOLD, detail) for key in keys)
    if main not in said.read:
        return tuple(said.missing(key, main) for key in keys)
    told = read_sudoers({path: files[path] for path in files if _is_sudoers(path)})
    unread = (*told.includes, *said.denied_below("/etc/sudoers", "/usr/local/etc/sudoers"))
    return (
        SUDO_RULES.known(told.rules),
        SUDO_ALIASES.known(told.aliases),
        SUDO_UNREAD.known(tuple(dict.fromkeys(unread))),
    )


def _is_sudoers(path: str) -> bool:
    """Tell whether sudo reads a file: in its folders none with a dot in its name, or a tilde."""
    folder, _, name = path.rpartition("/")
    if folder.endswith("/sudoers.d"):
        return "." not in name and not name.endswith("~")
    return path in _SUDOERS


def _ssh(files: Mapping[str, list[str]], said: _Said) -> Observation:
    if MAIN not in said.read:
        return said.missing(SSH_SERVER, MAIN)
    mine = {path: files.get(path, []) for path in said.read if path.startswith(MAIN)}
    return SSH_SERVER.known(read_sshd_config(mine, said.denied_below(MAIN)))


def _authorized(files: Mapping[str, list[str]], said: _Said) -> Observation:
    if not said.read & {*_SUDOERS, _ROOT_HOME}:
        if _ROOT_HOME in said.denied:
            return AUTHORIZED_KEYS.unknown(Reason.NEEDS_PRIVILEGE, "only root may look into /root")
        return AUTHORIZED_KEYS.unknown(Reason.NOT_TOLD, "nobody looked into /root")
    unread = [path for path in said.there if "/.ssh/" in path and path not in said.read]
    if unread:
        return AUTHORIZED_KEYS.unknown(Reason.NOT_TOLD, f"{unread[0]} was not read")
    found = [
        key
        for path, lines in sorted(files.items())
        if path.rpartition("/")[2].startswith("authorized_keys")
        for line in lines
        if (key := _key(path, line.split())) is not None
    ]
    return AUTHORIZED_KEYS.known(tuple(dict.fromkeys(found)))


def _key(path: str, words: list[str]) -> AuthorizedKey | None:
    fingerprint = _fingerprint(words)
    if fingerprint is None:
        return None
    comment = " ".join(words[_KEY_WORDS:]) or None
    return AuthorizedKey(file=path, kind=words[0], fingerprint=fingerprint, comment=comment)


def _host_keys(files: Mapping[str, str]) -> Observation:
    found = {
        HostKey(kind=words[0], fingerprint=fingerprint)
        for path, content in files.items()
        if path.startswith("/etc/ssh/ssh_host_") and path.endswith("_key.pub")
        for words in (content.split(),)
        if (fingerprint := _fingerprint(words)) is not None
    }
    if not found:
        return HOST_KEYS.unknown(Reason.NOT_TOLD, f"there is no {_KEYS}")
    return HOST_KEYS.known(tuple(sorted(found)))


def _fingerprint(words: list[str]) -> str | None:
    """Return the fingerprint of ``KIND BASE64``, as OpenSSH writes it; None when it is no key."""
    if len(words) < _KEY_WORDS:
        return None
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"


_A = "AAAAC3NzaC1lZDI1NTE5AAAAIECGbT6+EmMF9yQy1VDyCzAQPkaT3+MDayIkgSCne3qJ"
_B = "AAAAC3NzaC1lZDI1NTE5AAAAIPfaS/PqNLK5IbBDP+9fRLGNWTHvkr17xo4/GDEYXf8R"
_FINGERPRINT_A = "SHA256:jWknuozR2es/lMZTfBfIsAQ8GBDyvsaNJB7XVmPTTz4"
_FINGERPRINT_B = "SHA256:/JHybirZmwh73EQMveJbw9SZCMm1ocX9hwSefG8bBf4"

COLLECTOR = Collector(
    files=(_KEYS,),
    script=_SCRIPT,
    tells=(SUDO_RULES, SUDO_ALIASES, SUDO_UNREAD, SSH_SERVER, AUTHORIZED_KEYS, HOST_KEYS),
    read=_read,
    examples=(
        Example(
            system="debian 12, as root",
            text=f"""\
there:/etc/sudoers
there:/etc/sudoers.d/README
there:/etc/sudoers.d/deploy
there:/etc/ssh/sshd_config
there:/etc/ssh/sshd_config.d/50-site.conf
there:/root/.ssh/authorized_keys
read:/etc/sudoers.d
read:/etc/ssh/sshd_config.d
read:/root
read:/etc/sudoers
/etc/sudoers:root	ALL=(ALL:ALL) ALL
/etc/sudoers:%sudo	ALL=(ALL:ALL) ALL
/etc/sudoers:@includedir /etc/sudoers.d
read:/etc/sudoers.d/README
read:/etc/sudoers.d/deploy
/etc/sudoers.d/deploy:Cmnd_Alias RESTART = /bin/systemctl ..., /usr/sbin/nginx ...
/etc/sudoers.d/deploy:deploy, %ops ALL = (root) NOPASSWD: RESTART, PASSWD: /usr/bin/less ...
read:/etc/ssh/sshd_config
/etc/ssh/sshd_config:Include /etc/ssh/sshd_config.d/*.conf
/etc/ssh/sshd_config:PasswordAuthentication yes
/etc/ssh/sshd_config:UsePAM yes
/etc/ssh/sshd_config:Subsystem	sftp	/usr/lib/openssh/sftp-server
/etc/ssh/sshd_config:Match User backup
/etc/ssh/sshd_config:PermitRootLogin no
read:/etc/ssh/sshd_config.d/50-site.conf
/etc/ssh/sshd_config.d/50-site.conf:PasswordAuthentication no
read:/root/.ssh/authorized_keys
/root/.ssh/authorized_keys:ssh-ed25519 {_A} a@web
""",
            files={"/etc/ssh/ssh_host_ed25519_key.pub": f"ssh-ed25519 {_B} root@web-1\n"},
            expected=(
                SUDO_RULES.known(
                    (
                        SudoRule(
                            who="root",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL:ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who="%sudo",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL:ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who="deploy,%ops",
                            servers="ALL",
                            commands=("RESTART",),
                            run_as="root",
                            without_password=True,
                            file="/etc/sudoers.d/deploy",
                        ),
                        SudoRule(
                            who="deploy,%ops",
                            servers="ALL",
                            commands=("/usr/bin/less ...",),
                            run_as="root",
                            without_password=False,
                            file="/etc/sudoers.d/deploy",
                        ),
                    )
                ),
                SUDO_ALIASES.known(("RESTART = /bin/systemctl ..., /usr/sbin/nginx ...",)),
                SUDO_UNREAD.known(()),
                SSH_SERVER.known(
                    SshServer(
                        settings=(
                            SshSetting(name="passwordauthentication", value="no"),
                            SshSetting(name="subsystem", value="sftp /usr/lib/openssh/sftp-server"),
                            SshSetting(name="usepam", value="yes"),
                        ),
                        exceptions=("User backup",),
                    )
                ),
                AUTHORIZED_KEYS.known(
                    (
                        AuthorizedKey(
                            file="/root/.ssh/authorized_keys",
                            kind="ssh-ed25519",
                            fingerprint=_FINGERPRINT_A,
                            comment="a@web",
                        ),
                    )
                ),
                HOST_KEYS.known((HostKey(kind="ssh-ed25519", fingerprint=_FINGERPRINT_B),)),
            ),
        ),
        Example(
            system="rhel 9 (format as documented), as a user without privilege",
            text="""\
there:/etc/sudoers
denied:/etc/sudoers
there:/etc/ssh/sshd_config
denied:/etc/ssh/sshd_config
denied:/etc/sudoers.d
denied:/etc/ssh/sshd_config.d
denied:/root
""",
            expected=(
                SUDO_RULES.unknown(Reason.NEEDS_PRIVILEGE, "only root may read /etc/sudoers"),
                SSH_SERVER.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /etc/ssh/sshd_config"
                ),
                AUTHORIZED_KEYS.unknown(Reason.NEEDS_PRIVILEGE, "only root may look into /root"),
                HOST_KEYS.unknown(Reason.NOT_TOLD, "there is no /etc/ssh/ssh_host_*_key.pub"),
            ),
        ),
        Example(
            system="rhel 9 (format as documented), with sudo",
            text=f"""\
there:/etc/sudoers
denied:/etc/sudoers
there:/etc/ssh/sshd_config
denied:/etc/ssh/sshd_config
denied:/etc/sudoers.d
denied:/etc/ssh/sshd_config.d
denied:/root
read:/etc/sudoers
/etc/sudoers:%wheel	ALL=(ALL)	ALL
/etc/sudoers:"%domain admins" ALL = ALL
/etc/sudoers:#includedir /etc/sudoers.d
/etc/sudoers:#include /etc/opt/sudoers.site
read:/etc/ssh/sshd_config
/etc/ssh/sshd_config:Include /etc/ssh/sshd_config.d/*.conf
/etc/ssh/sshd_config:Include /etc/crypto-policies/back-ends/opensshserver.config
/etc/ssh/sshd_config:Port 22
/etc/ssh/sshd_config:Port 2222
read:/etc/ssh/sshd_config.d/01-permitrootlogin.conf
/etc/ssh/sshd_config.d/01-permitrootlogin.conf:PermitRootLogin yes
read:/home/bob/.ssh/authorized_keys
/home/bob/.ssh/authorized_keys:ssh-ed25519 {_B}
""",
            expected=(
                SUDO_RULES.known(
                    (
                        SudoRule(
                            who="%wheel",
                            servers="ALL",
                            commands=("ALL",),
                            run_as="ALL",
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                        SudoRule(
                            who='"%domain admins"',
                            servers="ALL",
                            commands=("ALL",),
                            without_password=False,
                            file="/etc/sudoers",
                        ),
                    )
                ),
                SUDO_UNREAD.known(("/etc/opt/sudoers.site", "/etc/sudoers.d")),
                SSH_SERVER.known(
                    SshServer(
                        settings=(
                            SshSetting(name="permitrootlogin", value="yes"),
                            SshSetting(name="port", value="22"),
                            SshSetting(name="port", value="2222"),
                        ),
                        unread=("/etc/crypto-policies/back-ends/opensshserver.config",),
                    )
                ),
                AUTHORIZED_KEYS.known(
                    (
                        AuthorizedKey(
                            file="/home/bob/.ssh/authorized_keys",
                            kind="ssh-ed25519",
                            fingerprint=_FINGERPRINT_B,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox) without sudo and OpenSSH, as root",
            text="read:/root\n",
            expected=(
                SUDO_RULES.unknown(Reason.NOT_TOLD, "there is no /etc/sudoers"),
                SSH_SERVER.unknown(Reason.NOT_TOLD, "there is no /etc/ssh/sshd_config"),
                AUTHORIZED_KEYS.known(()),
            ),
        ),
    ),
)
