import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runAva } from '../../../scripts/gate/run-ava.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NEVER_ENDS = `
import { createServer } from 'node:net';
import test from 'ava';
test('good', (t) => t.pass());
createServer().listen(0, '127.0.0.1');
test('waits for ever', () => new Promise(() => {}));
`;
const FAILS = `
import test from 'ava';
test.serial('good', (t) => t.pass());
test.serial('bad', (t) => t.is(1, 2));
test.serial('later', (t) => { t.log('said later'); t.pass(); });
`;

async function folderWith(t: ExecutionContext, source: string): Promise<string> {
  const cwd = await temporaryFolder(t);
  await mkdir(join(cwd, 'test'));
  await symlink(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
  await writeFile(join(cwd, 'package.json'), '{"type":"module"}');
  await writeFile(join(cwd, 'test/left.js'), source);
  return cwd;
}

test('runAva() ends a run that a test keeps from ending, and counts it as a failure', async (t) => {
  t.timeout(120_000);
  const cwd = await folderWith(t, NEVER_ENDS);
  const run = await runAva(['--timeout=10m', 'test/left.js'], { cwd, quietMs: 15_000 });
  t.deepEqual(run.tally, { passed: 1, failed: 1, skipped: 0 });
  t.deepEqual(
    run.failures.map(({ title }) => title),
    ['ava ended with SIGKILL'],
  );
});

test('runAva() keeps what ava says of a failed test', async (t) => {
  t.timeout(120_000);
  const cwd = await folderWith(t, FAILS);
  const { tally, failures } = await runAva(['test/left.js'], { cwd, quietMs: 60_000 });
  t.deepEqual(tally, { passed: 2, failed: 1, skipped: 0 });
  t.is(failures[0]?.title, 'bad');
  t.regex(failures[0]?.details.join('\n') ?? '', /Difference[\s\S]*- 1[\s\S]*\+ 2/);
  t.notRegex(failures[0]?.details.join('\n') ?? '', /later/);
});
