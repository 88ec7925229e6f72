"""The one script that asks who may use a server: what it reads, and what it lets out.

One ``awk`` reads every file and picks what is safe to send:

- of ``passwd``, ``group`` and ``shadow`` all but passwords, of which a letter tells the state, and
  what follows the name in the comment field; lines with another number of fields are passed over;
- of sudoers files rules and aliases, without comments, without ``Defaults``, and without the
  arguments of commands, which may hold passwords;
- of ``sshd_config`` the directives that decide who gets in;
- of ``authorized_keys`` the public key and a comment of the form ``name@place``, without options,
  which may hold commands.
"""

from __future__ import annotations

from typing import Final

_DIRECTIVES: Final = (
    "port listenaddress addressfamily protocol permitrootlogin passwordauthentication "
    "kbdinteractiveauthentication challengeresponseauthentication pubkeyauthentication "
    "gssapiauthentication kerberosauthentication hostbasedauthentication permitemptypasswords "
    "authenticationmethods authorizedkeysfile trustedusercakeys usepam allowusers allowgroups "
    "denyusers denygroups maxauthtries maxsessions maxstartups x11forwarding allowtcpforwarding "
    "gatewayports permittunnel chrootdirectory subsystem hostkey ciphers macs kexalgorithms "
    "match include"
)
# One line, which sudo can be allowed to run as it stands. master.passwd is FreeBSD's.
_ACCOUNTS: Final = (
    '{ state = $2 == "" ? "E" : $2 == "x" ? "-" : $2 ~ /^([*].*|!+[*]?|NP|UP)$/ ? "A" : '
    '$2 ~ /^!/ ? "L" : "S"; if ($2 ~ /^[*]LOCKED[*]./) state = "L" } '
    'FILENAME == "/etc/passwd" && NF == 7 { sub(/,.*/, "", $5); '
    'print "u:" $1 ":" state ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 } '
    'FILENAME == "/etc/group" && NF == 4 { print "g:" $1 ":" $3 ":" $4 } '
    'FILENAME == "/etc/shadow" && NF == 9 && $3 $5 $8 ~ /^[0-9-]*$/ '
    '{ print "s:" $1 ":" state ":" $3 ":" $5 ":" $8 } '
    'FILENAME == "/etc/master.passwd" && NF == 10 && $7 ~ /^[0-9]*$/ '
    '{ print "m:" $1 ":" state ":" $7 }'
)
# Lines come as they are from files, or as grep writes them, each with its file's name.
_ACCESS: Final = (
    r"""
BEGIN { count = split("""
    f'"{_DIRECTIVES}"'
    r""", words, " "); while (count) known[words[count--]] = 1 }
{ file = FILENAME; line = $0 }
piped { count = index($0, ":"); file = substr($0, 1, count - 1); line = substr($0, count + 1) }
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
  if (name in known) print file ":" line
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
    "find /etc/sudoers /etc/sudoers.d "
    "/usr/etc/sudoers /usr/etc/sudoers.d /etc/ssh/sshd_config /etc/ssh/sshd_config.d "
    "/usr/etc/ssh/sshd_config /usr/etc/ssh/sshd_config.d /root/.ssh /home "
    "-xdev -maxdepth 3 -type d -path '/home/*/[!.]*' -prune -o -type f "
    r"\( -path '/etc/*' -o -path '/usr/etc/*' "
    r"-o -name authorized_keys -o -name authorized_keys2 \) "
    "-exec grep . /dev/null '{}' +"
)
SCRIPT: Final = (
    r"""
# shellcheck disable=SC2016
{
accounts='"""
    + _ACCOUNTS
    + r"""'
pick() { piped=$1; shift; awk -F: -v piped="$piped" "$accounts"'"""
    + _ACCESS
    + r"""' "$@"; }
set --
for file in /etc/passwd /etc/group /etc/shadow /etc/master.passwd \
  /etc/sudoers /etc/sudoers.d/* /usr/local/etc/sudoers /usr/local/etc/sudoers.d/* \
  /usr/etc/sudoers /usr/etc/sudoers.d/* /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf \
  /usr/etc/ssh/sshd_config /usr/etc/ssh/sshd_config.d/*.conf \
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
  accounts=
  if [ -e /etc/master.passwd ]; then
    privileged awk -F: '"""
    + _ACCOUNTS
    + r"""' /etc/passwd /etc/group /etc/master.passwd
  else
    privileged awk -F: '"""
    + _ACCOUNTS
    + r"""' /etc/passwd /etc/group /etc/shadow
  fi
  privileged """
    + _FIND
    + r""" | pick 1
elif [ "$#" -gt 0 ]; then
  pick 0 "$@"
fi
}
echo looked
"""
)
