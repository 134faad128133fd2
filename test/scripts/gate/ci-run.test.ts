// The real .ci/run, with npm played by a script: what counts is the sum, the last line and the status.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { $ } from '../../../scripts/run.ts';

type Outcome = { readonly ok: string; readonly tests: string };

const ends = test.macro<[Outcome, { readonly last: string; readonly status: number }]>(
  async (t, outcome, { last, status }) => {
    const root = await mkdtemp(join(tmpdir(), 'walt-test-ci-'));
    t.teardown(() => rm(root, { recursive: true }));
    await mkdir(join(root, '.ci'));
    await copyFile('.ci/run', join(root, '.ci/run'));
    const npm = `#!/bin/sh\ncase "$1" in run) ${outcome.ok} ;; test) ${outcome.tests} ;; esac\n`;
    await writeFile(join(root, 'npm'), npm, { mode: 0o755 });
    const path = `${root}:${process.env.PATH}`;
    const run = await $({ nothrow: true, env: { PATH: path } })`bash ${join(root, '.ci/run')}`;
    t.is(run.stdout.trimEnd().split('\n').at(-1), last);
    t.is(run.exitCode, status);
  },
);

test(
  '.ci/run sums gate and tests',
  ends,
  { ok: "echo '5 passed, 0 failed'", tests: "echo noise; echo '40 passed, 0 failed, 2 skipped'" },
  { last: '45 passed, 0 failed, 2 skipped', status: 0 },
);
test(
  '.ci/run fails with a failed test',
  ends,
  { ok: "echo '5 passed, 0 failed'", tests: "echo '40 passed, 1 failed'; exit 1" },
  { last: '45 passed, 1 failed', status: 1 },
);
test(
  '.ci/run goes on to the tests behind a failed gate',
  ends,
  { ok: "echo '4 passed, 1 failed'; exit 1", tests: "echo '40 passed, 0 failed'" },
  { last: '44 passed, 1 failed', status: 1 },
);
test(
  '.ci/run counts a run that broke off as a failure',
  ends,
  { ok: "echo '5 passed, 0 failed'", tests: 'exit 1' },
  { last: '5 passed, 1 failed', status: 1 },
);
test(
  '.ci/run counts a status that the counts do not explain as a failure',
  ends,
  { ok: "echo '5 passed, 0 failed'", tests: "echo '1 passed, 0 failed'; exit 2" },
  { last: '6 passed, 1 failed', status: 1 },
);

test(
  '.ci/run runs no test twice: the gate without tests, then all of them',
  ends,
  {
    ok: 'shift; [ "$*" = "--silent ok -- --without-tests" ] && echo "5 passed, 0 failed"',
    tests: '[ "$*" = "test --silent" ] && echo "40 passed, 0 failed"',
  },
  { last: '45 passed, 0 failed', status: 0 },
);
