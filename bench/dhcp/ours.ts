/** Our server as users run it: leases on disk before each ACK, addresses proved free, NFS and all the rest beside. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places } from './places.ts';

const main = join(import.meta.dirname, '../../agent/main.ts');

export async function oursCommand({ folder }: Places): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'walt.json');
  const config = {
    state: join(folder, 'state'),
    network: { interface: 'cable', address: '10.99.0.1/18' },
    api: { socket: join(folder, 'api.sock') },
  };
  await writeFile(file, JSON.stringify(config));
  return [process.execPath, main, '--config', file];
}
