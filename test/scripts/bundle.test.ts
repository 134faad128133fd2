import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { $ } from '../../scripts/run.ts';

test.serial('bundle.ts writes programs that run away from the project', async (t) => {
  await $`node scripts/bundle.ts`;
  const folder = await mkdtemp(join(tmpdir(), 'walt-test-bundle-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const name of ['walt', 'walt-server']) {
    const copy = join(folder, name);
    await copyFile(join('release/dist', name), copy);
    const { stdout } = await $({ cwd: folder })`${[process.execPath, copy, '--version']}`;
    t.regex(stdout, /\d+\.\d+\.\d+/, name);
  }
});

test.serial('bundle.ts leaves a program alone that would not change', async (t) => {
  await $`node scripts/bundle.ts`;
  const before = await stat('release/dist/walt-server');
  await $`node scripts/bundle.ts`;
  const after = await stat('release/dist/walt-server');
  t.is(after.mtimeMs, before.mtimeMs);
  t.is(after.mode & 0o111, 0o111);
});

test.serial('bundle.ts keeps the command free of what only the server needs', async (t) => {
  await $`node scripts/bundle.ts`;
  const carries = async (name: string) =>
    /ZodError|fastify/.test(await readFile(join('release/dist', name), 'utf8'));
  t.deepEqual([await carries('walt-server'), await carries('walt')], [true, false]);
});
