import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { FileTroubles } from '../../../../agent/handlers/files/file-troubles.ts';
import { onTftpRead, onTftpTransfer } from '../../../../agent/handlers/files/on-tftp-read.ts';
import { Refusals } from '../../../../agent/handlers/nodes/refusals.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const ip = '192.168.152.7';
const mac = '52:54:00:00:00:07';

/** A node whose image has a start script, and a link that leads out. */
async function open(t: ExecutionContext) {
  const root = await temporaryFolder(t);
  const boot = join(root, 'boot/pc-x86-64');
  await mkdir(boot, { recursive: true });
  await writeFile(join(boot, 'start.ipxe'), '#!ipxe\n');
  await symlink('../../../../../etc/hostname', join(boot, 'out'));
  const { registry } = await openRecords(':memory:');
  const time = { now: 0 };
  const node = { mac, ip, model: 'pc-x86-64', root: 'sha256:a' };
  const known = { byIp: (address: string) => (address === ip ? node : undefined) };
  const refusals = new Refusals(() => time.now);
  const context = { registry: Object.assign(registry, known), rootOf: () => root, refusals };
  const read = (filename: string, address = ip) =>
    onTftpRead(
      { filename, mode: 'octet', options: new Map() },
      { address, port: 2000 },
      context as never,
    );
  return { read, refusals, time, registry };
}

test('onTftpRead() serves a file of the node, with a slash before it or without', async (t) => {
  const { read } = await open(t);
  for (const path of ['start.ipxe', '/start.ipxe']) {
    t.like(await read(path), { answer: { kind: 'file', size: 7 }, events: [] });
  }
});

for (const [what, path] of [
  ['the way up', '../../etc/hostname'],
  ['an absolute path', '/etc/hostname'],
  ['backslashes', '..\\..\\etc\\hostname'],
  ['a NUL byte', 'start.ipxe\0.png'],
  ['a link that leads out', 'out'],
] as const) {
  test(`onTftpRead() refuses ${what}, counts it and says so`, async (t) => {
    const { read, refusals } = await open(t);
    const { answer, events } = await read(path);
    t.like(answer, { kind: 'refuse', code: 2 });
    t.like(events, [{ kind: 'refused-file', from: ip, path }]);
    t.is(refusals.count, 1);
  });
}

test('onTftpRead() logs what one address is refused once a minute, with the number of the others', async (t) => {
  const { read, refusals, time } = await open(t);
  t.is((await read('../a')).events.length, 1);
  for (let again = 0; again < 100; again++) t.is((await read('../a')).events.length, 0);
  t.is((await read('../a', '192.168.152.8')).events.length, 1, 'another address has its own line');
  time.now = 60_000;
  const [event] = (await read('../a')).events;
  t.regex(event?.kind === 'refused-file' ? event.reason : '', /100 more/);
  t.is(refusals.count, 103);
});

test('onTftpRead() tells that a file is missing with the code that firmware goes on after', async (t) => {
  const { read } = await open(t);
  const outcome = await read('0a1b2c3d/start4.elf');
  t.like(outcome, { answer: { kind: 'refuse', code: 1 }, events: [] });
});

test('onTftpTransfer() makes one event of each transfer, of a device or of a stranger', async (t) => {
  const { registry } = await open(t);
  const context = { registry, troubles: new FileTroubles(() => 0) };
  const transfer = { filename: 'f', bytes: 5, ms: 2, retransmissions: 1, outcome: 'complete' };
  const of = (address: string) =>
    onTftpTransfer({ ...transfer, client: { address, port: 9 } }, context);
  const signal = { kind: 'file', via: 'tftp', path: 'f', bytes: 5, ms: 2, retries: 1 };
  t.like(of(ip), [{ kind: 'signal', mac, signal }]);
  t.like(of('192.168.152.99'), [{ kind: 'ignored', source: 'tftp', from: '192.168.152.99' }]);
});

test('onTftpTransfer() says once why a file could not be read, and again when that is long ago', async (t) => {
  const { registry, time } = await open(t);
  const context = { registry, troubles: new FileTroubles(() => time.now) };
  const client = { address: ip, port: 9 };
  const failed = { client, bytes: 5, ms: 2, retransmissions: 0, outcome: 'failed' };
  const lines = (filename: string, message: string) =>
    onTftpTransfer({ ...failed, filename, message }, context).flatMap((event) =>
      event.kind === 'problem' ? [event.message] : [],
    );
  t.deepEqual(lines('f', 'EIO'), [`Cannot send 'f' to ${ip}: EIO`]);
  t.deepEqual(lines('f', 'EIO'), []);
  t.is(lines('f', 'ENOENT').length, 1, 'another reason');
  t.is(lines('g', 'EIO').length, 1, 'another file');
  time.now = 3_600_000;
  t.is(lines('f', 'EIO').length, 1);
});
