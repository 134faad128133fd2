import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { DebianPackage } from '../../../scripts/release/package.ts';
import { imagePackage } from '../../../scripts/release/packages/image.ts';
import { writeDeb } from '../../../scripts/release/write-deb.ts';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const date = 1_700_000_000;

const deb: DebianPackage = {
  ...{ name: 'walt-trial', version: '1.0', architecture: 'all' },
  control:
    'Package: walt-trial\nVersion: 1.0\nArchitecture: all\nMaintainer: W <w@x.test>\nInstalled-Size: @SIZE@\nDescription: trial\n',
  scripts: { postinst: '#!/bin/sh\nexit 0\n', conffiles: '/etc/trial\n' },
  files: [
    { path: 'etc/trial', from: { text: 'setting\n' } },
    { path: 'usr/bin/trial', from: { bytes: Buffer.from('#!/bin/sh\n') }, isProgram: true },
    { path: 'usr/bin/other', from: { link: 'trial' } },
  ],
};

test('writeDeb() gives files to root with modes of its own', async (t) => {
  const folder = await temporaryFolder(t);
  const secret = join(folder, 'secret');
  await writeFile(secret, 'mine\n', { mode: 0o600 });
  const files = [...deb.files, { path: 'usr/share/trial', from: { file: secret } }];
  const file = await writeDeb({ ...deb, files }, { to: folder, date, level: 1 });
  const { stdout } = await $({ env: { ...process.env, TZ: 'UTC' } })`dpkg-deb -c ${file}`;
  const rows = stdout.trim().split('\n');
  t.deepEqual(
    rows.map((line) => line.replace(/ +/g, ' ')),
    [
      'drwxr-xr-x root/root 0 2023-11-14 22:13 ./',
      'drwxr-xr-x root/root 0 2023-11-14 22:13 ./etc/',
      '-rw-r--r-- root/root 8 2023-11-14 22:13 ./etc/trial',
      'drwxr-xr-x root/root 0 2023-11-14 22:13 ./usr/',
      'drwxr-xr-x root/root 0 2023-11-14 22:13 ./usr/bin/',
      '-rwxr-xr-x root/root 10 2023-11-14 22:13 ./usr/bin/trial',
      'drwxr-xr-x root/root 0 2023-11-14 22:13 ./usr/share/',
      '-rw-r--r-- root/root 5 2023-11-14 22:13 ./usr/share/trial',
      'lrwxrwxrwx root/root 0 2023-11-14 22:13 ./usr/bin/other -> trial',
    ],
  );
  const control = await $`dpkg-deb -I ${file} control conffiles md5sums`;
  t.regex(control.stdout, /^Installed-Size: 1$/m);
  t.regex(control.stdout, /^[0-9a-f]{32} {2}usr\/bin\/trial$/m);
  t.notRegex(control.stdout, /^[0-9a-f]{32} {2}etc\/trial$/m);
});

test('imagePackage() puts the archive where the server looks for images first', async (t) => {
  const folder = await temporaryFolder(t);
  const archive = join(folder, 'pc-x86-64.oci.tar');
  await writeFile(archive, 'archive');
  const facts = { root: process.cwd(), version: '1.0', date };
  const made = await imagePackage(facts, { image: 'pc-x86-64', archive });
  const file = await writeDeb(made, { to: folder, date, level: 1 });
  await $`dpkg-deb -x ${file} ${join(folder, 'system')}`;
  const place = join(folder, 'system/var/lib/walt/archives/pc-x86-64.oci.tar');
  t.is(await readFile(place, 'utf8'), 'archive');
});
