// A disk that takes nothing more in the middle of an import: the refusal says so and what to do, and all is as before.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** The store keeps so many bytes for others. */
const ROOMY = 'size=400m';

for (const spare of [0, 1, 2, 4, 6, 8, 10]) {
  test.serial(
    `an import on a disk with room for ${spare} more files is refused in words, or whole`,
    async (t) => {
      const folder = await temporaryFolder(t);
      const place = join(folder, 'place');
      const state = join(place, 'state');
      await mkdir(state, { recursive: true });
      await runProgram('mount', ['-t', 'tmpfs', '-o', ROOMY, 'walt-test', state]);
      const { store, progress, rest } = await openImageStore(place);
      const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
      const [, used = '0'] = (await runProgram('df', ['--output=iused', state]))
        .trim()
        .split(/\s+/);
      const limit = `remount,nr_inodes=${Number(used) + spare}`;
      await runProgram('mount', ['-o', limit, state]);
      const name = 'alice/web';
      const refused = await store.import(layout, { name, progress }).then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      t.log(refused?.message);
      t.deepEqual(await readdir(join(state, 'tmp')), []);
      await runProgram('mount', ['-o', 'remount,nr_inodes=0', state]);
      if (refused !== undefined) {
        t.true(refused instanceof WaltError);
        t.regex(refused.message, /the disk is full.*walt image gc/);
        t.notRegex(refused.message, /ENOSPC|\/tmp\//);
        await store.import(layout, { name, progress });
      }
      t.deepEqual((await rest()).images.length, 1);
    },
  );
}
