import { execFile } from 'node:child_process';
import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { isShipped, LOADERS, RUNTIMES } from '../../../scripts/release/node-runtime.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('what is shipped of packages with a native part can be loaded, and the calls of Linux work', async (t) => {
  const folder = await temporaryFolder(t);
  const { natives } = RUNTIMES[process.arch === 'arm64' ? 'arm64' : 'amd64'];
  for (const { package: name } of [...LOADERS, ...natives.map(({ input }) => input)]) {
    const filter = async (path: string) => (await stat(path)).isDirectory() || isShipped(path);
    await cp(join('node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
      filter,
    });
  }
  for (const { input, binary } of natives) {
    t.true((await stat(join(folder, 'node_modules', input.package, binary))).isFile());
  }
  const program = `
    const { default: koffi } = await import('koffi');
    const { spawn } = await import('@lydell/node-pty');
    console.log(koffi.load('libc.so.6').func('int getpid()')() === process.pid, typeof spawn);`;
  const args = ['--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  t.is(stdout, 'true function\n');
});
