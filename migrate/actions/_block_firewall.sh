# Runs on the old server, as root: closes it to everything but this kind of visit, or opens it again.
# Before this is read, verb is set (see, block, confirm, restore), and: client and port (whence and
# where SSH comes in), and minutes (after which an unconfirmed block undoes itself).
# shellcheck disable=SC2154 # what is set before this is read
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
LC_ALL=C
export PATH LC_ALL
guard=decant-firewall-guard

say() {
    echo "decant: $*"
}

nft_there() {
    command -v nft >/dev/null && nft list tables >/dev/null 2>&1
}

nft_add() {
    case $client in
    *:*) family=ip6 ;;
    *) family=ip ;;
    esac
    nft -f - <<END
table inet decant {
}
delete table inet decant
table inet decant {
    chain input {
        type filter hook input priority -400; policy accept;
        iif lo accept
        icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
        udp sport 67 udp dport 68 accept
        udp sport 547 udp dport 546 accept
        ct state established,related ct direction reply accept
        $family saddr $client tcp dport $port accept
        tcp dport $port ct state established accept
        counter drop
    }
    chain forward {
        type filter hook forward priority -400; policy accept;
        ct direction original ct status dnat counter drop
    }
}
END
}

# "ct status dnat" is set only once addresses are translated, which is before a packet is forwarded.
nft_is() {
    nft list chain inet decant input 2>/dev/null | grep -q 'drop$'
}

nft_remove() {
    ! nft list table inet decant >/dev/null 2>&1 || nft delete table inet decant
}

# iptables: a chain of its own, for IPv4 and, where the server has it, IPv6.
each_tables() {
    "$1" iptables || return
    [ ! -e /proc/net/if_inet6 ] || ! command -v ip6tables >/dev/null || "$1" ip6tables
}

tables_there() {
    command -v iptables >/dev/null && iptables -S INPUT >/dev/null 2>&1
}

tables_add_one() {
    tables_remove_one "$1"
    "$1" -N DECANT &&
        "$1" -A DECANT -i lo -j ACCEPT &&
        "$1" -A DECANT -p udp --sport 67 --dport 68 -j ACCEPT &&
        "$1" -A DECANT -p udp --sport 547 --dport 546 -j ACCEPT || return
    if [ "$1" = ip6tables ]; then
        for kind in 134 135 136; do
            "$1" -A DECANT -p ipv6-icmp --icmpv6-type "$kind" -j ACCEPT || return
        done
    fi
    "$1" -A DECANT -m conntrack --ctstate ESTABLISHED,RELATED --ctdir REPLY -j ACCEPT || return
    case $1:$client in
    ip6tables:*:* | iptables:*.*.*.*)
        "$1" -A DECANT -s "$client" -p tcp --dport "$port" -j ACCEPT || return
        ;;
    esac
    "$1" -A DECANT -p tcp --dport "$port" -m conntrack --ctstate ESTABLISHED -j ACCEPT &&
        "$1" -A DECANT -j DROP &&
        "$1" -N DECANT-FORWARD &&
        "$1" -A DECANT-FORWARD -m conntrack --ctdir ORIGINAL --ctstate DNAT -j DROP &&
        "$1" -I FORWARD 1 -j DECANT-FORWARD &&
        "$1" -I INPUT 1 -j DECANT
}

tables_is_one() {
    "$1" -C INPUT -j DECANT 2>/dev/null && "$1" -S DECANT 2>/dev/null | grep -q -e '-j DROP$'
}

tables_remove_one() {
    while "$1" -C INPUT -j DECANT 2>/dev/null; do "$1" -D INPUT -j DECANT || return; done
    while "$1" -C FORWARD -j DECANT-FORWARD 2>/dev/null; do
        "$1" -D FORWARD -j DECANT-FORWARD || return
    done
    for chain in DECANT DECANT-FORWARD; do
        ! "$1" -S "$chain" >/dev/null 2>&1 || { "$1" -F "$chain" && "$1" -X "$chain"; } || return
    done
}

tables_add() {
    each_tables tables_add_one
}

tables_is() {
    each_tables tables_is_one
}

tables_remove() {
    each_tables tables_remove_one
}

# The guard opens the server again when nobody confirms that it can still be reached.
guards() {
    for each in /proc/[0-9]*; do
        if tr '\0' '\n' <"$each/cmdline" 2>/dev/null | grep -qx "$guard"; then
            echo "${each#/proc/}"
        fi
    done
}

no_guards() {
    for each in $(guards); do
        kill "$each" 2>/dev/null
    done
    # On a busy server one that was told to end is still there for a moment, and would count.
    for _ in 1 2 3 4 5; do
        [ "$(guards)" ] || break
        sleep 1
    done
}

open_again() {
    case $tool in
    nft) nft_remove ;;
    tables) tables_remove ;;
    esac
}

set_guard() {
    # Only words, so that nothing of this script has to last; it is expanded by the inner shell.
    # shellcheck disable=SC2016
    again='sleep "$1"; if [ "$2" = nft ]; then nft delete table inet decant; else
        for each in iptables ip6tables; do
            $each -D INPUT -j DECANT; $each -F DECANT; $each -X DECANT
            $each -D FORWARD -j DECANT-FORWARD; $each -F DECANT-FORWARD; $each -X DECANT-FORWARD
        done; fi'
    set -- sh -c "$again" "$guard" "$seconds" "$tool"
    if command -v setsid >/dev/null; then set -- setsid "$@"; else set -- nohup "$@"; fi
    "$@" </dev/null >/dev/null 2>&1 &
}

if nft_there; then
    tool=nft
elif tables_there; then
    tool=tables
else
    say "refused neither nftables nor iptables can be used there"
    exit 0
fi

case $verb in
block)
    no_guards
    set_guard
    if ! why=$(${tool}_add 2>&1); then
        open_again
        no_guards
        say "refused $(echo "$why" | tr '\n' ' ')"
        exit 0
    fi
    ;;
confirm)
    no_guards
    ;;
restore)
    no_guards
    if ! why=$(open_again 2>&1); then
        say "refused $(echo "$why" | tr '\n' ' ')"
        exit 0
    fi
    ;;
esac
if ${tool}_is; then blocked=blocked; else blocked=open; fi
if [ "$(guards)" ]; then guarded=guarded; else guarded=kept; fi
say "state $blocked $guarded $tool"
say "from ${client:-?} ${port:-?}"
say "end"
