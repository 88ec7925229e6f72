"""The script that finds certificates, and lets out nothing of a file but its first one.

The shell picks the paths that configuration files name, and ``awk`` cuts the first certificate out
of each such file: the lines of base64 that follow a line ``-----BEGIN CERTIFICATE-----`` and
nothing else. The first line of any other kind ends it, so that no private key, wherever it stands
in the file, is ever sent. Keystores are named and not opened.
"""

from __future__ import annotations

from typing import Final

from inventory.collectors._certificate_places import CONFIGURATIONS, KEPT
from inventory.collectors._places import looked_for

_MOST = 300
"""How many files are looked into."""

_CUT: Final = r"""
{ sub(/\r$/, "") }
FNR == 1 { on = 0; found = 0; lines = 0; print "@@ " FILENAME }
/^-----BEGIN (X509 )?CERTIFICATE-----$/ { if (found++) print "+"; else on = 1; next }
!/^[A-Za-z0-9+\/=]+$/ || 200 < ++lines { on = 0 }
on { print }"""

SCRIPT: Final = (
    rf"""
{looked_for(CONFIGURATIONS.split())}"""
    r"""
for file do
  shift
  case $file in */snakeoil.conf) continue ;; esac
  if [ -f "$file" ]; then
    if [ -r "$file" ]; then set -- "$@" "$file"; else echo "closed:$file"; fi
  fi
done
named=
if [ "$#" -gt 0 ]; then
  named=$(grep -sF -e cert -e Cert -e CERT -e crt -e pem -e eystore -e eyStore /dev/null "$@")
fi
kept() {"""
    rf"""
{looked_for(KEPT.split())}"""
    r"""
for each do
  if [ -f "$each" ]; then add "$each"; fi
done
}
files=
known='|'
list=
add() {
  case $known in *"|$1|"*) return ;; esac
  known="$known$1|"
  case $1 in *.jks | *.p12 | *.pfx | *.keystore | *.bks) echo "sealed:$1"; return ;; esac
  if ! [ -e "$1" ]; then echo "absent:$1"
  elif ! [ -r "$1" ]; then echo "denied:$1"
  elif [ -f "$1" ] && [ "${#list}" -lt """
    + str(_MOST)
    + r""" ]; then list="$list." files="$files$1
"
  fi
}
is_name() {
  case $2 in
  *[Cc][Aa][Cc]ert* | *ca_cert* | *ca-cert* | *[Tt]rust* | *[Cc]lient* | *[Vv]erif*) return 1 ;;
  *[Cc]hain[Ff]ile* | *[Pp]ass* | *[Tt]ype* | *Revocation*) return 1 ;;
  *[Kk]ey[Ss]tore*) return 0 ;;
  *[Kk][Ee][Yy]*) case $1 in *mongo*) return 0 ;; *) return 1 ;; esac ;;
  *[Cc]ert* | *CERT* | crt | *[Pp]em* | *PEM*) return 0 ;;
  *) return 1 ;;
  esac
}
is_path() {
  case $1 in
  *[!A-Za-z0-9_./@+~-]*) return 1 ;;
  */* | *.pem | *.crt | *.cer | *.cert | *.jks | *.p12 | *.pfx | *.keystore) return 0 ;;
  *) return 1 ;;
  esac
}
set -f
IFS='
'
for line in $named; do
  file=${line%%:*}
  case ${line#*:} in ';'*) continue ;; esac
  name=
  IFS=' 	=:"<;,{}()[]'"'"
  for word in ${line#*:}; do
    case $name$word in '#'* | '!--'* | --*) break ;; esac
    if [ "$word" ] && is_name "$file" "$name" && is_path "$word"; then
      path=$word
      case $word in
      /*) ;;
      *)
        if [ -e "${file%/*}/$word" ]; then path=${file%/*}/$word
        elif [ -e "${file%/*/*}/$word" ]; then path=${file%/*/*}/$word
        else path=; fi
        ;;
      esac
      if [ -d "$path" ]; then
        set +f
        for each in "$path"/*.pem "$path"/*.crt; do
          if [ -f "$each" ]; then
            echo "used:$file|$each"
            add "$each"
          fi
        done
        set -f
      elif [ "$path" ]; then
        echo "used:$file|$path"
        add "$path"
      fi
    fi
    if [ "$word" ]; then name=$word; fi
  done
  IFS='
'
done
set +f
kept
if [ "$files" ]; then
  set -f
  # shellcheck disable=SC2086
  awk '"""
    + _CUT
    + r"""' $files
  set +f
fi
if [ -d /etc/letsencrypt/live ] && ! [ -x /etc/letsencrypt/live ]; then
  if [ "$SUDO" ]; then
    privileged find -L /etc/letsencrypt/live -name cert.pem -exec grep . /dev/null '{}' + | awk '
{ colon = index($0, ":"); file = substr($0, 1, colon - 1); $0 = substr($0, colon + 1) }
file != last { last = file; on = 0; found = 0; print "@@ " file }
/^-----BEGIN CERTIFICATE-----$/ { if (found++) print "+"; else on = 1; next }
!/^[A-Za-z0-9+\/=]+$/ { on = 0 }
on { print }'
  else
    echo 'denied:/etc/letsencrypt/live'
  fi
fi
echo looked
"""
)
