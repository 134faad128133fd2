// Both ends are shells of this machine here.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SEND, TAKE } from '../../../agent/ssh/copy-scripts.ts';
import { pipeCommand } from '../../../agent/ssh/pipe-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function run(sender: readonly string[], taker: readonly string[]) {
  const [program = '', ...args] = pipeCommand(sender, taker);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  const lines = said.split('\n').filter((line) => line !== '' && !/records|copied/.test(line));
  return { code, lines };
}

test('pipeCommand() copies, and says of a failure what the end says at which it was', async (t) => {
  const folder = await temporaryFolder(t);
  const target = join(folder, 'target');
  await mkdir(target);
  await writeFile(join(folder, "it's a"), 'x');
  const send = (path: string) => ['sh', '-c', SEND, 'walt', path];
  const take = (path: string, name: string) => ['sh', '-c', TAKE, 'walt', path, name, 'folder'];
  const good = send(join(folder, "it's a"));
  t.deepEqual(await run(good, take(target, "it's a")), { code: 0, lines: [] });
  t.is(await readFile(join(target, "it's a"), 'utf8'), 'x');

  const nope = join(folder, 'nope');
  const none = await run(send(nope), take(target, 'nope'));
  t.deepEqual(none, { code: 1, lines: [`there is no ${nope}`] });
  const nowhere = await run(good, take(nope, "it's a"));
  t.deepEqual(nowhere, { code: 1, lines: [`${nope} is no folder`] });
  t.like(await run(['sh', '-c', 'exit 255'], take(target, 'a')), { code: 255 });
  t.like(await run(good, ['sh', '-c', 'exit 255']), { code: 255 });
  const endless = await run(['cat', '/dev/zero'], ['sh', '-c', 'echo full >&2; exit 3']);
  t.deepEqual(endless, { code: 3, lines: ['full'] });
});
