#!/bin/sh
# Verify this bundle: every digest, every place in the chain, every signature by a key in keys/.
# Needs sh, sed, head, wc, sha256sum, base64 and openssl 3; nothing of what wrote the bundle.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
previous=0000000000000000000000000000000000000000000000000000000000000000
count=0 unsigned=0
wrong() { echo "entry $entry: $1" >&2; exit 1; }
while read -r entry key digest kind; do
    count=$((count + 1))
    [ "$entry" = "$(printf %06d $count)" ] || wrong "it stands at place $count"
    row="entries/$entry.row.json" envelope="entries/$entry.dsse.json"
    [ "$(sha256sum < "$row" | head -c 64)" = "$digest" ] || wrong "its row was altered"
    [ "$(head -c 66 "$row")" = "[\"$previous" ] || wrong "it does not follow the one before it"
    if command -v jq > "$work/said"; then
        jq -j '.[5]' "$row" | cmp -s - "$envelope" || wrong "its envelope is not that of its row"
    fi
    sed -n 's/.*"payload":"\([^"]*\)".*/\1/p' "$envelope" | base64 -d > "$work/payload"
    sed -n 's/.*"sig":"\([^"]*\)".*/\1/p' "$envelope" | base64 -d > "$work/signature"
    grep -q "\"ledger\":{\"entry\":$count,\"previous\":\"$previous\"}" "$work/payload" ||
        wrong "it was signed for another place"
    { printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(($(wc -c < "$work/payload")))"
      cat "$work/payload"; } > "$work/signed"
    if [ "$key" = - ]; then
        echo "entry $entry: $kind, by a key that is not in keys/" >&2
        unsigned=$((unsigned + 1))
    elif openssl pkey -pubin -in "keys/$key.pem" -noout -text | grep -q ED25519; then
        openssl pkeyutl -verify -pubin -inkey "keys/$key.pem" -rawin -in "$work/signed" \
            -sigfile "$work/signature" > "$work/said" 2>&1 || wrong "its signature is not by $key"
    else
        openssl dgst -sha256 -verify "keys/$key.pem" -signature "$work/signature" \
            "$work/signed" > "$work/said" 2>&1 || wrong "its signature is not by $key"
    fi
    previous=$digest
done < entries.txt
[ "$(ls entries | wc -l)" -eq $((count * 2)) ] || { echo "there are more entries" >&2; exit 1; }
echo "whole: $count entries, $unsigned of them by keys that are not here, head $previous"
