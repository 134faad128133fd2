// A state with what a backup has to keep, and the program that makes backups.
import { randomBytes } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutionContext } from 'ava';
import { systemClock } from '../../../agent/host/clock/clock.ts';
import { Secrets } from '../../../agent/secrets/secrets.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { SERVER } from '../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Runs the program to its end. */
export const server = (...args: string[]) =>
  runProgram([process.execPath, '--disable-warning=ExperimentalWarning', SERVER, ...args]);

/** A switch whose password the state has. */
export const SWITCH = '02:5e:00:00:00:01';
/** Of that switch. */
export const SECRET = {
  user: 'walt',
  password: 'a secret word',
  privacy: 'another one',
  purpose: '',
};

/** A state with one device, an image, and a configuration. */
export async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const state = join(folder, 'state');
  const config = join(folder, 'server.yaml');
  await mkdir(join(state, 'ssh'), { recursive: true });
  await writeFile(join(state, 'ssh/id_ed25519'), 'key', { mode: 0o600 });
  await new Secrets(join(state, 'secrets')).set(SWITCH, SECRET);
  await mkdir(join(state, 'layers/aa'), { recursive: true });
  await writeFile(join(state, 'layers/aa/data'), randomBytes(100_000));
  await symlink('./data', join(state, 'layers/aa/link'));
  await succeed(['setfattr', '-n', 'trusted.overlay.opaque', '-v', 'y', join(state, 'layers/aa')]);
  await writeFile(config, `state: ${state}\n`);
  const records = await openRecords(join(state, 'walt.db'), {}, systemClock);
  await put(records.registry, nodeNamed('pc-1', { ip: '192.168.152.14' }));
  t.teardown(() => records.store.close().catch(() => undefined));
  const file = join(folder, 'backup');
  return { folder, state, config, file, ...records };
}

/** A configuration for another folder. */
export async function elsewhere(folder: string, name = 'other') {
  const state = join(folder, name);
  const config = join(folder, `${name}.yaml`);
  await writeFile(config, `state: ${state}\n`);
  return { state, config };
}

/** Names of the devices in the database of a state. */
export function namesIn(state: string): string[] {
  const database = new DatabaseSync(join(state, 'walt.db'), { readOnly: true });
  try {
    return database
      .prepare('SELECT name FROM devices ORDER BY name')
      .all()
      .map(({ name }) => String(name));
  } finally {
    database.close();
  }
}
