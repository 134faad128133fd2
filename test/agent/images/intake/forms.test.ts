// Machines that mount no EROFS file systems, from the start or from now on: images are folders there.
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const PROGRAM = join(import.meta.dirname, '../../../support/images/processes/store-process.ts');
const PRIVATE = ['unshare', '--mount', 'sh', '-ec'];
/** What one of them mounts goes with it, as at a restart of the machine. */
const NORMAL = ['unshare', '--mount'];
const EMPTY_DEV = `
mount -t tmpfs none /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/urandom c 1 9
exec "$@"`;
const NO_LOSETUP = 'mount --bind /dev/null "$(command -v losetup)"; exec "$@"';

const machines: readonly [string, readonly string[], RegExp][] = [
  ['that may not mount', ['setpriv', '--bounding-set=-sys_admin'], /\(.*(denied|permitted).*\)$/],
  ['without loop devices', [...PRIVATE, EMPTY_DEV, 'sh'], /\(losetup: cannot find .*\)$/],
  ['without losetup', [...PRIVATE, NO_LOSETUP, 'sh'], /\(losetup is not installed .*\)$/],
];

type Said = Record<'problems' | 'missing' | 'notes' | 'forms', string[]>;

for (const [title, machine, reason] of machines) {
  test(`a machine ${title} takes images over as folders, says so once, and gives them back`, async (t) => {
    t.timeout(2 * 60_000);
    const folder = await temporaryFolder(t);
    const place = join(folder, 'place');
    const made = (name: string) =>
      makeLayout(join(folder, name), [tar(BOOTABLE), tar([{ path: name, content: name }])]);
    const run = async (words: readonly string[], name: string) => {
      const [program = '', ...rest] = [...words, process.execPath, PROGRAM, place];
      const args = [await made(name), `alice/${name}`];
      return JSON.parse(await runProgram(program, [...rest, ...args])) as Said;
    };
    const erofs = 'erofs #!/bin/sh\n';
    const copied = 'folder #!/bin/sh\n';
    await run(NORMAL, 'one');
    const before = await run(NORMAL, 'two');
    t.deepEqual(before, { problems: [], missing: [], notes: [], forms: [erofs, erofs] });
    const without = await run(machine, 'three');
    t.is(without.problems.length, 1, without.problems.join('\n'));
    t.regex(without.problems[0] ?? '', reason);
    t.notRegex(without.problems[0] ?? '', /\n|sh -c|sh: |walt-test/);
    t.deepEqual({ ...without, problems: [] }, { ...before, forms: [copied, copied, copied] });
    const after = await run(NORMAL, 'four');
    t.deepEqual(after, { ...before, forms: [copied, copied, copied, erofs] });
    const again = await run(machine, 'five');
    t.deepEqual(
      again.forms,
      Array.from({ length: 5 }, () => copied),
    );
    t.is(again.problems.length, 1);
    const { store, problems } = await openImageStore(place);
    t.deepEqual(problems, []);
    t.deepEqual(await store.collect(() => []), { folders: 0, blobs: 0 }, 'nothing is left over');
  });
}
