// The state of a server on a machine with other users.
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { openStore } from '../../../agent/start/store.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SOMEBODY = ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'];

for (const isOld of [false, true]) {
  const which = isOld ? 'that an earlier server left' : 'that it makes';
  test(`openStore() lets no other user read or run anything of the state ${which}`, async (t) => {
    const folder = await temporaryFolder(t);
    await chmod(folder, 0o755);
    const state = join(folder, 'state');
    if (isOld) {
      await mkdir(state, { mode: 0o755 });
      for (const name of ['walt.db', 'walt.db-wal']) {
        await writeFile(join(state, name), '', { mode: 0o644 });
      }
    }
    await using services = new AsyncDisposableStack();
    const store = await openStore({ folder: state, print: () => undefined }, services);
    await store.logs.append({ at: 1, issuer: 'i', stream: 's', line: 'l' }).written;
    const program = join(state, 'images/key/fs/bin/id');
    await mkdir(join(program, '..'), { recursive: true });
    await writeFile(program, '#!/bin/sh\n');
    await chmod(program, 0o4755);
    for (const command of [['ls', state], ['cat', join(state, 'walt.db')], [program]]) {
      const { code, said } = await runProgram([...SOMEBODY, ...command]);
      t.not(code, 0, command.join(' '));
      t.regex(said, /Permission denied/);
    }
    for (const name of (await readdir(state)).filter((name) => name.startsWith('walt.db'))) {
      t.is((await stat(join(state, name))).mode & 0o777, 0o600, name);
    }
  });
}
