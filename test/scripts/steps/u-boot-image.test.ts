import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { $ } from '../../../scripts/run.ts';
import { wrapUBootImage } from '../../../scripts/steps/u-boot-image.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

for (const architecture of ['arm', 'arm64'] as const) {
  test(`wrapUBootImage() makes of an initrd for ${architecture} what mkimage makes`, async (t) => {
    const folder = await temporaryFolder(t);
    const [from, to] = [join(folder, 'initrd'), join(folder, 'wrapped')];
    const initrd = Buffer.from('packed files, seen from outside');
    await writeFile(from, initrd);
    const env = { ...process.env, SOURCE_DATE_EPOCH: '1700000000' };
    await $({ env })`mkimage -A ${architecture} -T ramdisk -C none -n test -d ${from} ${to}`;
    const options = { type: 'initrd', architecture, name: 'test', date: 1_700_000_000 } as const;
    t.deepEqual(wrapUBootImage(initrd, options), await readFile(to));
  });
}
