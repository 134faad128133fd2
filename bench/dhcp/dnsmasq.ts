/** dnsmasq without its own question whether an address is free, which holds up everybody else. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLibraries } from '../harness/debian-programs.ts';
import type { Places } from './places.ts';

export async function dnsmasqCommand({ folder, programs }: Places): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return withLibraries(programs, [
    ...[join(programs, 'dnsmasq'), '--keep-in-foreground', '--conf-file=/dev/null', '--port=0'],
    ...['--pid-file=', '--user=root', '--interface=cable', '--bind-interfaces', '--no-ping'],
    ...['--dhcp-range=10.99.2.1,10.99.62.254,255.255.192.0,24h', '--dhcp-lease-max=16000'],
    ...[`--dhcp-leasefile=${join(folder, 'leases')}`, '--dhcp-authoritative', '--quiet-dhcp'],
    '--log-facility=/dev/null',
  ]);
}
