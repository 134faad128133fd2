// Debian's own check of the packages; it looks at each file of them, which takes minutes.
import { generateKeyPairSync } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { buildSmallRelease } from '../../support/release-build.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('lintian finds no error', async (t) => {
  t.timeout(25 * 60_000);
  const folder = await temporaryFolder(t);
  const key = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const release = join(folder, 'release');
  await buildSmallRelease(join(import.meta.dirname, '../../..'), { release, key });
  const debs = (await readdir(release)).filter((name) => name.endsWith('.deb'));
  const paths = debs.map((name) => join(release, name));
  const { stdout } = await succeed(['lintian', '--fail-on', 'none', ...paths], { seconds: 1200 });
  const lines = stdout.toString().split('\n');
  t.deepEqual(
    lines.filter((line) => line.startsWith('E:')),
    [],
  );
});
