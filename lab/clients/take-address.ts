import { join } from 'node:path';

/** Path of the script for udhcpc (`-s`) and dhclient (`-sf`) that gives their card its address. */
export const TAKE_ADDRESS = join(import.meta.dirname, 'take-address.sh');
