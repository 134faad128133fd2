#!/bin/sh
# Plays a machine from power-on to booted, as boot loader, kernel and node side would: asks for an address with its
# model, fetches the start script until it is one that starts something, then says that it is up and stays connected.
# Arguments: card, server's address, script for udhcpc, folder for what it fetches.
card=$1 server=$2 script=$3 folder=$4
tries=0
while [ $tries -lt 300 ]; do
	tries=$((tries + 1))
	udhcpc -i "$card" -n -q -f -t 3 -T 1 -s "$script" -V walt.node.pc-x86-64 >/dev/null 2>&1 || continue
	curl --silent --max-time 10 --output "$folder/start.ipxe" "tftp://$server/start.ipxe" || continue
	grep -q '^kernel' "$folder/start.ipxe" && break
	echo "retry: $(grep '^echo' "$folder/start.ipxe")"
	sleep 1
done
curl --silent --max-time 10 --output "$folder/kernel" "tftp://$server/kernel" || exit 1
echo "fetched the kernel"
# The connection says that the node is up for as long as it lasts.
{ echo REQ_NOTIFY_BOOTUP_STATUS; while sleep 20; do echo; done; } | socat - "TCP:$server:12347"
