// All media and packages of a release, built twice: here, and by another user in another folder, with another umask, in another time zone
// and with nothing in its cache but downloads, which go by their hashes. Both are the same, byte for byte.
import { generateKeyPairSync } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { $ } from '../../../scripts/run.ts';
import { buildWholeRelease } from '../../support/release-build.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MINUTE = 60_000;
/** Nobody that Debian knows. */
const USER = 61_234;

test('a whole release has the same bytes, whoever builds it, wherever and from nothing', async (t) => {
  t.timeout(120 * MINUTE);
  const folder = await mkdtemp(join(tmpdir(), 'walt-two-releases-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const key = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const [here, elsewhere] = [join(folder, 'here'), join(folder, 'else where')] as const;
  await buildWholeRelease(ROOT, { release: here, key });

  const checkout = join(folder, 'their checkout');
  const list = $({ cwd: ROOT })`git ls-files -z --cached --others --exclude-standard`;
  for (const path of (await list).stdout.split('\0').filter(Boolean)) {
    await cp(join(ROOT, path), join(checkout, path)).catch(() => undefined);
  }
  await $`cp --archive --reflink=auto ${join(ROOT, 'node_modules')} ${checkout}`;
  const home = join(folder, 'home');
  const cache = join(home, 'cache');
  for (const each of [home, cache, elsewhere]) await mkdir(each);
  const downloads = join(placesOf(process.env, ROOT).cache, 'inputs');
  await $`cp --archive --reflink=auto ${downloads} ${cache}`;
  await $`chown --recursive ${USER}:${USER} ${checkout} ${home} ${elsewhere} ${key}`;
  const env = { HOME: home, WALT_CACHE: cache };
  await buildWholeRelease(checkout, {
    ...{ release: elsewhere, key, umask: '077', zone: 'Pacific/Auckland', user: USER, env },
  });
  const sums = (name: string) => readFile(join(name, 'SHA256SUMS'), 'utf8');
  t.true((await sums(here)).split('\n').length > 15);
  t.is(await sums(elsewhere), await sums(here));
});
