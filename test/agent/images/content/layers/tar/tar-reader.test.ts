import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { treeByOurs } from '../../../../../support/images/layers/by-ours.ts';
import { treeByUmoci } from '../../../../../support/images/layers/by-umoci.ts';
import {
  archive,
  file,
  folder,
  longText,
  pax,
} from '../../../../../support/images/layers/raw-tar.ts';
import { temporaryFolder } from '../../../../../support/temporary-folder.ts';

const WHOLE = archive(
  folder('d/'),
  file('d/a', 'hello '.repeat(200)),
  longText('L', 'd/long'),
  file('cut', 'x'.repeat(512)),
  pax([['mtime', '5.5']]),
  file('last', 'y'),
);

/** Where an archive ends between two entries, or within the padding of the last. */
const LAST = WHOLE.length - 1024;

for (let length = 0; length <= WHOLE.length; length += 512) {
  test.serial(
    `readTar() of ${length / 512} blocks of an archive makes no more than umoci`,
    async (t) => {
      const path = await temporaryFolder(t);
      const [own, other] = [join(path, 'ours'), join(path, 'umoci')];
      await mkdir(own);
      await mkdir(other);
      const cut = WHOLE.subarray(0, length);
      const ours = await treeByOurs([{ archive: cut }], { folder: own });
      const umoci = await treeByUmoci([cut], other);
      if (ours.kind === 'refused') {
        t.regex(ours.reason, /ends too early/);
        t.true(length < LAST);
        return;
      }
      if (umoci.kind === 'refused') {
        t.fail(umoci.reason);
        return;
      }
      t.deepEqual(Object.keys(ours.listing), Object.keys(umoci.listing));
    },
  );
}
