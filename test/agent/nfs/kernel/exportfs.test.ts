// Single exports as the real exportfs(8) takes them. The kernel behind it is that of test/qemu/nfs-kernel.test.ts.
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const STEPS = join(import.meta.dirname, '../../../support/nfs/exportfs-steps.ts');

type Step = { isSame: boolean; count: number; link: string };

test('KernelServer tells exportfs of single exports, and what it has then is what the file says', async (t) => {
  if ((await runProgram(['sh', '-c', 'command -v exportfs'])).code !== 0) {
    t.log('exportfs is not installed');
    return t.pass();
  }
  const folder = await temporaryFolder(t);
  const argv = ['unshare', '--mount', process.execPath, STEPS, folder, '40'];
  const { code, said } = await runProgram(argv);
  t.is(code, 0, said);
  const steps = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<string, Step>;
  const seen = Object.entries(steps).map(([name, { isSame, count, link }]) => [
    ...[name, isSame, count, link.replace(`${folder}/`, '')],
  ]);
  // 40 addresses are 6 blocks, with the links and with their image; and the one of somebody else.
  t.deepEqual(seen, [
    ['all', true, 13, 'one'],
    ['one more', true, 15, 'one'],
    ['another image', true, 16, 'two words'],
    ['one less', true, 14, 'two words'],
  ]);
});
