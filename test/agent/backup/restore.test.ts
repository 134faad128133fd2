// `walt-server restore` as a process: what it takes the place of, and what it refuses.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SEAL_BYTES, seal } from '../../../agent/backup/seal.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { elsewhere, namesIn, open, server } from './backup-lab.ts';

/** Packs a backup anew, with another manifest or other files. */
async function repack(t: ExecutionContext, file: string, change: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const script = `mkdir "$1/x" && tar --zstd -xf "$0" -C "$1/x" && cd "$1/x" && ${change} && tar --zstd -cf ../changed manifest.json configuration.yaml state`;
  await succeed(['sh', '-c', script, file, folder]);
  const changed = join(folder, 'changed');
  await seal(changed, new AbortController().signal);
  return changed;
}

test('walt-server restore writes the configuration where there is none', async (t) => {
  const { folder, file, config, state, store } = await open(t);
  await server('backup', file, '--config', config);
  await store.close();
  const place = join(folder, 'etc/walt/server.yaml');
  const refused = await server('restore', file, '--config', place);
  t.is(refused.code, 1);
  t.regex(refused.said, /Cannot restore to \S+state: it is not empty\. Add --yes/);
  const restored = await server('restore', file, '--config', place, '--yes');
  t.is(restored.code, 0, restored.said);
  t.is(await readFile(place, 'utf8'), `state: ${state}\n`);
  t.deepEqual(namesIn(state), ['pc-1']);
  t.deepEqual(namesIn(join(state, 'before-restore-1')), ['pc-1']);
  const again = await server('restore', file, '--config', place, '--yes');
  t.regex(again.said, /is in \S+before-restore-2/);
});

test('walt-server restore takes the place of a database that is damaged', async (t) => {
  const { file, config, state, store } = await open(t);
  await server('backup', file, '--config', config);
  await store.close();
  await writeFile(join(state, 'walt.db'), Buffer.alloc(8192, 'x'));
  const restored = await server('restore', file, '--config', config, '--yes');
  t.is(restored.code, 0, restored.said);
  t.deepEqual(namesIn(state), ['pc-1']);
});

test('walt-server --stop-nfs refuses where a server runs', async (t) => {
  const { folder, state } = await open(t);
  const config = join(folder, 'virtual.yaml');
  const network = { namespace: `walt-test-none-${process.pid}` };
  await writeFile(config, JSON.stringify({ state, network }));
  const { code, said } = await server('--stop-nfs', '--config', config);
  t.is(code, 1);
  t.regex(said, /^Cannot end NFS of \S+state: a server runs there\. Stop it first/m);
});

test('walt-server restore refuses a state that a server uses, whatever was said', async (t) => {
  const { file, config, state } = await open(t);
  await server('backup', file, '--config', config);
  const before = await readdir(state);
  const { code, said } = await server('restore', file, '--config', config, '--yes');
  t.is(code, 1);
  t.regex(said, /: a server runs there\. Stop it first/);
  t.deepEqual(await readdir(state), before);
});

test('walt-server restore takes nothing of a file that is damaged, cut, or no backup', async (t) => {
  const { folder, file, config } = await open(t);
  await server('backup', file, '--config', config, '--images');
  const whole = await readFile(file);
  const other = await elsewhere(folder);
  const middle = Math.floor(whole.length / 2);
  const flipped = Buffer.from(whole);
  flipped[middle] = (flipped[middle] ?? 0) ^ 0xff;
  const damages: Readonly<Record<string, Uint8Array>> = {
    'a byte is another one': flipped,
    'the last byte is missing': whole.subarray(0, -1),
    'a byte more is there': Buffer.concat([whole, Buffer.from('x')]),
    'all but its seal is missing': whole.subarray(-SEAL_BYTES),
    'half of it is missing': whole.subarray(0, middle),
    'it is empty': Buffer.alloc(0),
    'it is text': Buffer.from('text'),
  };
  for (const [what, bytes] of Object.entries(damages)) {
    await writeFile(`${file}2`, bytes);
    const { code, said } = await server('restore', `${file}2`, '--config', other.config);
    t.is(code, 1, what);
    t.regex(said, /^Cannot restore \S+: it is (damaged, or )?no backup.*Nothing was changed/, what);
    t.deepEqual(await readdir(other.state), [], what);
  }
});

test('walt-server restore compares each file with its checksum', async (t) => {
  const { folder, file, config } = await open(t);
  await server('backup', file, '--config', config);
  const other = await elsewhere(folder);
  const changes = [
    ['echo x > state/ssh/id_ed25519', /state\/ssh\/id_ed25519 is another one/],
    ['echo x > state/ssh/added', /state\/ssh\/added is another one/],
    ['rm state/ssh/id_ed25519', /state\/ssh\/id_ed25519 is missing/],
    ['echo x >> configuration.yaml', /configuration\.yaml is another one/],
    ['echo {} > manifest.json', /its manifest is none of ours/],
    ['echo x > manifest.json', /its manifest is none of ours/],
  ] as const;
  for (const [change, sentence] of changes) {
    const changed = await repack(t, file, change);
    const { code, said } = await server('restore', changed, '--config', other.config);
    t.is(code, 1, change);
    t.regex(said, sentence);
    t.deepEqual(await readdir(other.state), []);
  }
});

test('walt-server restore refuses what a newer version made', async (t) => {
  const { folder, file, config } = await open(t);
  await server('backup', file, '--config', config);
  const other = await elsewhere(folder);
  for (const change of [
    `sed -i 's/"step":"[^"]*"/"step":"999-later"/' manifest.json`,
    `sed -i 's/"format":1/"format":2/' manifest.json`,
  ]) {
    const changed = await repack(t, file, change);
    const { said } = await server('restore', changed, '--config', other.config);
    t.regex(said, /was made by walt-server \S+, which is newer than this one/);
    t.deepEqual(await readdir(other.state), []);
  }
});
