/** ISC Kea with leases in a file (memfile), which it writes at each lease without waiting for the disk. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLibraries } from '../harness/debian-programs.ts';
import type { Places } from './places.ts';

export async function keaCommand({ folder, programs }: Places): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'kea.json');
  await writeFile(file, JSON.stringify({ Dhcp4: configuration(join(folder, 'leases.csv')) }));
  return withLibraries(programs, [
    ...['env', `KEA_PIDFILE_DIR=${folder}`, `KEA_LOCKFILE_DIR=${folder}`],
    ...[join(programs, 'kea-dhcp4'), '-c', file],
  ]);
}

function configuration(leases: string) {
  return {
    'interfaces-config': { interfaces: ['cable'] },
    'lease-database': { type: 'memfile', persist: true, name: leases, 'lfc-interval': 0 },
    'valid-lifetime': 86_400,
    subnet4: [{ subnet: '10.99.0.0/18', pools: [{ pool: '10.99.2.1 - 10.99.62.254' }] }],
    loggers: [{ name: 'kea-dhcp4', severity: 'WARN', output_options: [{ output: '/dev/null' }] }],
  };
}
