# Runs on the old server, as root: looks at services, stops them for good, or starts them again.
# Before this is read, verb is set (see, stop, start), and the parameters are services, for start
# each followed by what it was: whether it ran, and how it started at boot.
# shellcheck disable=SC2154 # what is set before this is read
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
LC_ALL=C
export PATH LC_ALL

say() {
    echo "decant: $*"
}

# How long a service may take to stop or start, in seconds; the tool waits a little longer.
patience=100

within() {
    if command -v timeout >/dev/null; then
        timeout "$patience" "$@" </dev/null >/dev/null 2>&1
    else
        "$@" </dev/null >/dev/null 2>&1
    fi
}

property() {
    systemctl show --property="$1" -- "$2" | sed 's/^[^=]*=//'
}

systemd_see() {
    if [ "$(property LoadState "$1")" = not-found ]; then
        say "missing $1"
        return
    fi
    case $(property ActiveState "$1") in
    inactive | failed) runs=stopped ;;
    *) runs=runs ;;
    esac
    boot=$(property UnitFileState "$1")
    say "state $1 $runs ${boot:--}"
}

systemd_triggers() {
    for service; do
        for trigger in $(property TriggeredBy "$service"); do
            echo "$trigger"
        done
    done
}

systemd_stop() {
    # What would start them again is stopped first. A unit is masked only once it has stopped: then
    # it forgets how it wants to be stopped.
    for unit; do
        within systemctl stop -- "$unit"
        case $(property ActiveState "$unit") in
        inactive | failed)
            within systemctl mask -- "$unit" || within systemctl disable -- "$unit"
            ;;
        esac
    done
}

systemd_start() {
    case $(property UnitFileState "$1") in
    masked) within systemctl unmask -- "$1" ;;
    esac
    [ "$3" != enabled ] || within systemctl enable -- "$1"
    [ "$2" != runs ] || within systemctl start -- "$1"
}

openrc_see() {
    if ! rc-service --exists "$1"; then
        say "missing $1"
        return
    fi
    if within rc-service "$1" status; then runs=runs; else runs=stopped; fi
    boot=$(rc-update show | awk -v name="$1" '$1 == name {
        for (i = 3; i <= NF; i++) printf "%s%s", (i > 3 ? "," : ""), $i
    }')
    say "state $1 $runs ${boot:--}"
}

openrc_triggers() {
    :
}

openrc_stop() {
    for service; do
        within rc-service "$service" stop
        within rc-update --all del "$service"
    done
}

openrc_start() {
    if [ "$3" != - ]; then
        for level in $(echo "$3" | tr , ' '); do
            within rc-update add "$1" "$level"
        done
    fi
    [ "$2" != runs ] || within rc-service "$1" start
}

sysv_see() {
    if [ ! -x "/etc/init.d/$1" ]; then
        say "missing $1"
        return
    fi
    within service "$1" status
    case $? in
    0) runs=runs ;;
    1 | 2 | 3) runs=stopped ;;
    *) runs=unknown ;;
    esac
    boot=disabled
    for link in /etc/rc[2345].d/S[0-9][0-9]"$1" /etc/rc.d/rc[35].d/S[0-9][0-9]"$1"; do
        [ ! -e "$link" ] || boot=enabled
    done
    say "state $1 $runs $boot"
}

sysv_triggers() {
    :
}

sysv_stop() {
    for service; do
        within service "$service" stop
        if command -v update-rc.d >/dev/null; then
            within update-rc.d "$service" disable
        else
            within chkconfig "$service" off
        fi
    done
}

sysv_start() {
    if [ "$3" = enabled ]; then
        if command -v update-rc.d >/dev/null; then
            within update-rc.d "$1" enable
        else
            within chkconfig "$1" on
        fi
    fi
    [ "$2" != runs ] || within service "$1" start
}

if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
    manager=systemd
elif [ -d /run/openrc ] && command -v rc-service >/dev/null; then
    manager=openrc
elif [ -d /etc/init.d ] && command -v service >/dev/null; then
    manager=sysv
else
    say "refused it has neither systemd nor OpenRC nor System V services"
    exit 0
fi

case $verb in
see)
    # shellcheck disable=SC2046 # names of units hold no spaces
    set -- $(${manager}_triggers "$@") "$@"
    ;;
stop)
    ${manager}_stop "$@"
    ;;
start)
    was=
    while [ $# -ge 3 ]; do
        was="$was $1"
        ${manager}_start "$1" "$2" "$3"
        shift 3
    done
    # shellcheck disable=SC2086 # names of services hold no spaces
    set -- $was
    ;;
esac
for each; do
    ${manager}_see "$each"
done
say "end"
