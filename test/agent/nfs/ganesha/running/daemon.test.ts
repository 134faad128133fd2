import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../../agent/errors.ts';
import { Daemon } from '../../../../../agent/nfs/ganesha/running/daemon.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

test('start() says why a program ended at once, and nothing of what an earlier one said', async (t) => {
  const folder = await temporaryFolder(t);
  const messagesFile = join(folder, 'messages');
  await writeFile(messagesFile, 'of yesterday\n');
  const daemon = new Daemon({
    argv: ['never', 'started'],
    pidFile: join(folder, 'pid'),
    messagesFile,
    restrictions: [],
  });
  const prefix = ['sh', '-c', 'echo mount: /run: permission denied. >&2; exit 32'];
  const error = await t.throwsAsync(daemon.start(prefix), { instanceOf: WaltError });
  t.regex(
    error.message,
    /^Cannot start never: it ended at once\. It said: mount: \/run: permission/,
  );
  t.notRegex(error.message, /yesterday/);
});

test('start() takes the reason from the log of the program before what it printed', async (t) => {
  const folder = await temporaryFolder(t);
  const log = join(folder, 'log');
  const daemon = new Daemon({
    argv: ['never', 'started'],
    pidFile: join(folder, 'pid'),
    messagesFile: join(folder, 'messages'),
    restrictions: [],
    log,
  });
  const line = '1/1/2026 : epoch 6b : vm : nfs-ganesha-3[main] main :MAIN :FATAL :no right to it';
  const prefix = ['sh', '-c', 'echo printed >&2; echo "$1" > "$0"', log, line];
  await t.throwsAsync(daemon.start(prefix), { message: /It said: no right to it$/ });
});

test('start() waits for a program to which others lead slowly', async (t) => {
  const folder = await temporaryFolder(t);
  const pidFile = join(folder, 'pid');
  const daemon = new Daemon({
    argv: ['sleep', '600'],
    pidFile,
    messagesFile: join(folder, 'messages'),
    restrictions: [],
  });
  await daemon.start(['sh', '-c', 'sleep 6; exec "$@"', 'sh']);
  t.is(String(await daemon.pid()), (await readFile(pidFile, 'utf8')).trim());
  await daemon.stop();
  t.is(await daemon.pid(), undefined);
});
