#!/bin/sh
# Plays a machine from power-on to booted, as boot loader, kernel and node side would: asks for an address with its
# model, fetches the start script until it is one that starts something, then says that it is up and stays connected.
# Whatever fails makes it begin anew.
# Arguments: card, server's address, script for udhcpc, folder for what it fetches, URL of the folder of the kernel (by TFTP unless given).
card=$1 server=$2 script=$3 folder=$4 kernel=${5:-tftp://$2}

fetch() { # URL NAME
	curl --silent --fail --max-time 20 --output "$folder/$2" "$1"
}

get_kernel() {
	udhcpc -i "$card" -n -q -f -t 3 -T 1 -s "$script" -V walt.node.pc-x86-64 >/dev/null 2>&1 || return 1
	fetch "tftp://$server/start.ipxe" start.ipxe || return 1
	grep -q '^kernel' "$folder/start.ipxe" || {
		echo "retry: $(grep '^echo' "$folder/start.ipxe")"
		return 1
	}
	fetch "$kernel/kernel" kernel
}

tries=0
until get_kernel; do
	tries=$((tries + 1))
	[ $tries -lt 300 ] || exit 1
	sleep 1
done
echo "fetched the kernel"
# The connection says that the node is up for as long as it lasts; a node that loses it connects again.
while [ $tries -lt 300 ]; do
	{ echo REQ_NOTIFY_BOOTUP_STATUS; while sleep 20; do echo; done; } | socat - "TCP:$server:12347"
	tries=$((tries + 1))
	sleep 1
done
