import { join } from 'node:path';

/** Path of the script for udhcpc (`-s`) and dhclient (`-sf`) that gives their card its address. */
export const TAKE_ADDRESS = join(import.meta.dirname, 'take-address.sh');

/** Asks for an address of interface `card` by udhcpc, at most three times, and takes it: exit status 0 where it got one. */
export const LEASE = [
  ...['udhcpc', '-i', 'card', '-n', '-q', '-f'],
  ...['-t', '3', '-T', '1', '-s', TAKE_ADDRESS],
];
