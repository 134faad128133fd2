// Single exports as the real exportfs(8) takes them. The kernel behind it is that of test/qemu/nfs-kernel.test.ts.
import { join } from 'node:path';
import test from 'ava';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const STEPS = join(import.meta.dirname, '../../../support/nfs/exportfs-steps.ts');

type Step = { isSame: boolean; count: number; link: string };

test('KernelServer tells exportfs of single exports, and what it has then is what the file says', async (t) => {
  const folder = await temporaryFolder(t);
  const path = `PATH=${await unpacked(join(folder, 'package'))}:${process.env.PATH}`;
  const argv = ['env', path, 'unshare', '--mount', process.execPath, STEPS, folder, '40'];
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

/** Debian's, which is not installed: it would start an NFS server. @returns the folder of the program */
async function unpacked(folder: string): Promise<string> {
  const download = 'apt-get -q download nfs-kernel-server';
  const script = `mkdir "$0" && cd "$0" && { ${download} || { apt-get -q update && ${download}; }; } && dpkg-deb -x *.deb .`;
  await succeed(['sh', '-c', script, folder]);
  return join(folder, 'usr/sbin');
}
