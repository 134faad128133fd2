// The server is replaced by a new process while machines use it: files on their way arrive, and nobody is refused.
import { createHash } from 'node:crypto';
import { access, appendFile, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';

const SERVER = '192.168.152.1';
const READER = join(import.meta.dirname, '../../support/hand-over/slow-reader.ts');
const BOOT_FILE = join(import.meta.dirname, '../../../release/dist/pxe/undionly.kpxe');

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const readyCount = async (lab: Lab) => [...(await lab.serverLog()).matchAll(/^ready$/gm)].length;

test('a new process takes the place of a server, and files on their way arrive', async (t) => {
  t.timeout(5 * 60_000);
  const pxe = join(import.meta.dirname, '../../../release/dist/pxe');
  const lab = await openLab(t, 'handover', { images: { registries: [] }, pxe: { folder: pxe } });
  const clients = await plugMachine(lab.namespace, {
    name: `walt-lab-handoverc-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0d:01', port: 'port' },
  });
  t.teardown(() => clients.remove());
  await ip('-n', clients.name, 'address', 'add', '192.168.152.200/24', 'dev', 'card');
  await lab.startServer();
  const first = lab.serverPid();

  const medium = 'grubx64.efi';
  const slow = join(lab.folder, 'slow');
  const download = new Background(
    clients.command([
      ...['curl', '--silent', '--show-error', '--fail', '--limit-rate', '150k'],
      ...['--output', slow, `http://${SERVER}/pxe/${medium}`],
    ]),
  );
  const reader = new Background(
    clients.command([process.execPath, READER, SERVER, 'pxe/undionly.kpxe']),
  );
  t.teardown(() => Promise.all([download.kill(), reader.kill()]));
  await eventually(
    () =>
      readFile(slow).then(
        ({ length }) => length,
        () => 0,
      ),
    (length) => length > 100_000,
    60,
  );
  const handingOver = lab.handOver();
  let refused = 0;
  let answered = 0;
  while ((await readyCount(lab)) < 2) {
    const { code } = await runProgram(
      clients.command(['curl', '--silent', '--fail', '--max-time', '60', `http://${SERVER}/doc/`]),
    );
    if (code === 0) answered += 1;
    else refused += 1;
    if (answered + refused > 10_000) break;
  }
  t.is(refused, 0);
  t.true(answered > 0);
  await handingOver;
  t.not(lab.serverPid(), first);
  t.is(await download.ended(), 0, download.said);
  t.is(sha256(await readFile(slow)), sha256(await readFile(join(pxe, medium))));
  t.is(await reader.ended(), 0, reader.said);
  t.true(reader.said.includes(sha256(await readFile(BOOT_FILE))), reader.said);
  t.regex(await lab.walt('device', 'show'), /walt-server/);
  await eventually(
    () =>
      access(`/proc/${first}`).then(
        () => true,
        () => false,
      ),
    (is) => !is,
    90,
  );
  t.pass('the first process has ended');
});

test('a server stays where its successor could not start', async (t) => {
  t.timeout(3 * 60_000);
  const lab = await openLab(t, 'stays', { images: { registries: [] } });
  await lab.startServer();
  const file = join(lab.folder, 'config.yaml');
  await copyFile(file, `${file}.good`);
  await appendFile(file, 'nonsense: true\n');
  process.kill(lab.serverPid(), 'SIGUSR2');
  const log = await eventually(
    () => lab.serverLog(),
    (text) => text.includes('The server goes on.'),
    60,
  );
  t.regex(log, /cannot hand over to a new process: .*/);
  t.regex(log, /nonsense/);
  t.regex(await lab.walt('device', 'show'), /walt-server/);
  await writeFile(file, await readFile(`${file}.good`));
  await lab.handOver();
  t.regex(await lab.walt('device', 'show'), /walt-server/);
});
