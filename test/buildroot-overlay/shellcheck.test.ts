// All scripts that run on a node are plain sh: no image has anything better for sure.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { $ } from '../../scripts/run.ts';

const TOP = join(import.meta.dirname, '../..');

for (const folder of ['buildroot-overlay/bin', 'boot-artifacts/initrd']) {
  test(`${folder} holds scripts that shellcheck finds nothing against`, async (t) => {
    const scripts = (await readdir(join(TOP, folder))).map((name) => join(TOP, folder, name));
    t.true(scripts.length > 1);
    const { stdout, exitCode } = await $({ nothrow: true })`shellcheck --shell=sh ${scripts}`;
    t.is(exitCode, 0, stdout);
  });
}
