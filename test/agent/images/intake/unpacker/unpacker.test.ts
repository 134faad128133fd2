// What people read when the program that unpacks comes to an end of its own.
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../../agent/errors.ts';
import { lastWords } from '../../../../../agent/images/intake/unpacker/last-words.ts';
import { Unpacker } from '../../../../../agent/images/intake/unpacker/unpacker.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

/** Programs that this process has started and that unpack. */
async function unpackers(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const isOurs = (await read('status')).includes(`PPid:\t${process.pid}\n`);
    return isOurs && (await read('cmdline')).includes('unpacker/program') ? [Number(pid)] : [];
  });
  return (await Promise.all(found)).flat();
}

test.serial('Unpacker.do() says that the program was killed, and what to do', async (t) => {
  const folder = join(await temporaryFolder(t), 'layer');
  await mkdir(folder);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  await using unpacker = new Unpacker(() => undefined);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const job = unpacker.do({
    kind: 'read-layer',
    wanted: { digest: DIGEST, diffId: DIGEST, folder },
    place: { kind: 'http', url, headers: {} },
    stallMs: 60_000,
    limits: { maxFiles: 1, maxBytes: 1, bytesReason: '' },
  });
  await once(server, 'request');
  for (const pid of await unpackers()) process.kill(pid, 'SIGKILL');
  const refusal = { instanceOf: WaltError, message: /SIGKILL.*memory.*Try again$/ };
  await t.throwsAsync(job, refusal);
  await t.throwsAsync(unpacker.do({ kind: 'write-archives', archives: [] }), refusal);
});

test.serial('Unpacker has no right of root but the one to read', async (t) => {
  await using unpacker = new Unpacker(() => undefined);
  await unpacker.do({ kind: 'write-archives', archives: [] });
  const [pid] = await unpackers();
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  // CAP_DAC_READ_SEARCH of capabilities(7) is bit 2.
  for (const set of ['Prm', 'Eff', 'Bnd']) t.regex(status, new RegExp(`Cap${set}:\\t0{15}4\\n`));
  t.regex(status, /NoNewPrivs:\t1\n/);
});

const ENDS: readonly [number | string, string, string][] = [
  [1, '', 'it ended (1)'],
  [
    1,
    'file:///srv/program.ts:3\n  throw x;\n  ^\n\nTypeError: x is none\n    at perform (file:///srv/program.ts:3:9)\n\nNode.js v24\n',
    'it ended (1): TypeError: x is none',
  ],
  [
    'SIGABRT',
    '<--- Last few GCs --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n',
    'it ended (SIGABRT): FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  ],
];

for (const [how, complaint, words] of ENDS) {
  test(`lastWords() shows no stack: ${words}`, (t) => {
    t.is(lastWords(how, complaint), words);
  });
}
