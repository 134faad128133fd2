import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { knownVersion } from '../../../../../agent/nfs/ganesha/running/version.ts';

test('knownVersion() asks a program once, and again where it is another one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-version-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const [file, program, asked] = ['version', 'ganesha', 'asked'].map((name) => join(folder, name));
  const install = (version: string) =>
    writeFile(
      program ?? '',
      `#!/bin/sh\necho asked >> ${asked}\necho "NFS-Ganesha Release = V${version}"\n`,
      { mode: 0o755 },
    );
  const versionNow = () => knownVersion(file ?? '', program);
  await install('4.3');
  t.is(await versionNow(), 4);
  await install('4.4');
  await rm(asked ?? '');
  t.is(await versionNow(), 4);
  t.is(await versionNow(), 4);
  await install('6.5 ');
  t.is(await versionNow(), 6);
  // What somebody else wrote there is no answer.
  await writeFile(file ?? '', 'nonsense');
  t.is(await versionNow(), 6);
});
