# Runs on the old server: powers it off, and says so before the connection goes down with it.
# may_sudo is set before this is read.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
export PATH

say() {
    echo "decant-power-off: $*"
}

privilege=
if [ "$(id -u)" != 0 ]; then
    privilege="sudo -n"
fi

may() {
    [ -z "$privilege" ] && return 0
    [ "${may_sudo:-no}" = yes ] && $privilege -l "$@" >/dev/null 2>&1
}

if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    set -- systemctl poweroff
elif command -v poweroff >/dev/null; then
    set -- poweroff
elif command -v shutdown >/dev/null; then
    set -- shutdown -h now
else
    say "absent"
    exit 0
fi

if ! may "$@"; then
    say "forbidden $*"
elif [ "$1" = systemctl ]; then
    # systemd only queues it, and says whether it will.
    if refusal=$($privilege "$@" 2>&1 </dev/null); then
        say "sent $*"
    else
        say "refused $*: $refusal"
    fi
else
    # Others act at once: wait until this answer is out, and do not end with the session.
    (trap '' HUP; sleep 1; exec $privilege "$@") </dev/null >/dev/null 2>&1 &
    say "sent $*"
fi
