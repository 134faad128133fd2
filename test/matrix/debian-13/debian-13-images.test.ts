// Images are read, unpacked and changed by the skopeo, umoci and buildah of Debian 13: tests of the workshop, run there.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { debian13Root, inContainer } from '../../support/debian-13/container.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const AVA = join(PROJECT, 'node_modules/ava/entrypoints/cli.js');
const TESTS = ['test/agent/images/workshop/shells/shells.test.ts'];

test('the tests of the workshop pass with the programs of Debian 13', async (t) => {
  t.timeout(20 * 60_000);
  const root = await debian13Root();
  // On a disk of this machine: containers of images want overlays, which do not stand on one another.
  const work = await mkdtemp(join(tmpdir(), 'walt-workshop-'));
  t.teardown(() => rm(work, { recursive: true }));
  const argv = [
    'env',
    '-C',
    PROJECT,
    `TMPDIR=${work}`,
    process.execPath,
    AVA,
    '--timeout=5m',
    ...TESTS,
  ];
  const { code, said } = await runProgram(inContainer(argv, { root, folders: [work] }), {
    seconds: 600,
  });
  t.is(code, 0, said);
});
