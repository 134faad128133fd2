import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { $ } from '../../../scripts/run.ts';
import { wrapUBootScript } from '../../../scripts/steps/u-boot-script.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

for (const [title, text] of [
  ['a script', 'echo hello\nreset\n'],
  ['a script whose length is no multiple of four', 'echo a'],
] as const) {
  for (const architecture of ['arm', 'arm64'] as const) {
    test(`wrapUBootScript() makes of ${title} for ${architecture} what mkimage makes`, async (t) => {
      const folder = await temporaryFolder(t);
      const [from, to] = [join(folder, 'text'), join(folder, 'script')];
      await writeFile(from, text);
      const env = { ...process.env, SOURCE_DATE_EPOCH: '1700000000' };
      await $({ env })`mkimage -A ${architecture} -T script -C none -n test -d ${from} ${to}`;
      const wrapped = wrapUBootScript(text, { architecture, name: 'test', date: 1_700_000_000 });
      t.deepEqual(wrapped, await readFile(to));
    });
  }
}

test('wrapUBootScript() refuses a name that does not fit', (t) => {
  const name = 'x'.repeat(33);
  t.throws(() => wrapUBootScript('', { architecture: 'arm', name }), { instanceOf: RangeError });
});
