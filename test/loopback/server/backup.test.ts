// A server is backed up while devices come: whoever had an address before is known to the server that starts from the backup.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { ServerProcess } from '../../../lab/programs/server-process.ts';
import { SERVER } from '../../../lab/programs/walt-programs.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugClients } from '../../support/process/killed-server.ts';

const ROOT = join(import.meta.dirname, '../../..');
const STORM = join(ROOT, 'lab/clients/dhcp-storm.ts');

test('a backup under load has all devices that were acknowledged before, and a server starts from it', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'backup', { images: { registries: [] } });
  const clients = await plugClients(t, lab, 'backup');
  await lab.startServer();
  const [file = '', ...args] = clients.command([process.execPath, STORM, '1', '4', '100']);
  const storm = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => storm.kill('SIGKILL'));
  let said = '';
  storm.stdout.on('data', (bytes) => {
    said += bytes;
  });
  const acknowledged = () =>
    [...said.matchAll(/^ack (\S+) (\S+)\n/gm)].map(([, mac, ip]) => [mac, ip]);
  await eventually(
    async () => acknowledged().length,
    (count) => count > 20,
    60,
  );
  const before = acknowledged();
  const archive = join(lab.folder, 'backup');
  const config = join(lab.folder, 'config.yaml');
  const server = (...words: string[]) =>
    lab.namespace.command([process.execPath, SERVER, ...words]);
  await succeed(server('backup', archive, '--config', config));
  const closed = once(storm, 'close');
  storm.kill('SIGKILL');
  await closed;
  await lab.endServer('SIGTERM');
  await succeed(server('--stop-nfs', '--config', config));

  const other = join(lab.folder, 'other.yaml');
  const given = await readFile(config, 'utf8');
  const log = join(lab.folder, 'other.log');
  await writeFile(other, given.replace(/^state: .*$/m, `state: ${join(lab.folder, 'other')}`));
  await succeed(server('restore', archive, '--config', other));
  const restored = new ServerProcess(server('--config', other), log);
  t.teardown(async () => {
    await restored.end('SIGTERM');
    await succeed(server('--stop-nfs', '--config', other));
  });
  await restored.start();
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const known = new Map(devices.map(({ mac, ip }: { mac: string; ip: string }) => [mac, ip]));
  t.true(before.length > 20);
  for (const [mac, ip] of before) t.is(known.get(mac ?? ''), ip, mac);
});
