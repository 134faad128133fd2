#!/bin/sh
# What udhcpc and dhclient run when something changes: takes or drops the address, and says so; touches no file.
# shellcheck disable=SC2154 # they set $interface and the rest
what=${1:-$reason} address=${ip:-$new_ip_address}
case $what in
  deconfig|PREINIT) ip address flush dev "$interface"; ip link set "$interface" up ;;
  bound|BOUND|renew|RENEW|REBIND|REBOOT) ip address replace "$address/${mask:-${new_subnet_mask:-24}}" dev "$interface" ;;
esac
echo "now $what $address" >&2
