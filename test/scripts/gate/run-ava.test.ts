import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
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

test('runAva() ends a run that a test keeps from ending, and counts it as a failure', async (t) => {
  t.timeout(120_000);
  const cwd = await temporaryFolder(t);
  await mkdir(join(cwd, 'test'));
  await symlink(join(ROOT, 'node_modules'), join(cwd, 'node_modules'));
  await writeFile(join(cwd, 'package.json'), '{"type":"module"}');
  await writeFile(join(cwd, 'test/left.js'), NEVER_ENDS);
  t.deepEqual(await runAva(['--timeout=10m', 'test/left.js'], { cwd, quietMs: 15_000 }), {
    ...{ passed: 1, failed: 1, skipped: 0 },
  });
});
