#!/bin/sh
# Process 1 of a server of the demo: starts its services, says when they listen, and ends, and
# everything with it, when it is told to by the signal TERM.
trap 'exit 0' TERM
mkdir -p /run/sshd
while read -r command; do
    sh -c "$command" </dev/null >>/var/log/services.log 2>&1 &
done </etc/decant-demo/services

listens() { grep -qi ":$1 [0-9A-F]*:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null; }
while read -r port; do
    until listens "$(printf %04X "$port")"; do sleep 0.05; done
done </etc/decant-demo/ports
echo ready
exec </dev/null >/dev/null 2>&1
while :; do
    wait
    sleep 1
done
