import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { placesWarning } from '../../../../agent/handlers/start/expected-places.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function warningOf(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const root = await temporaryFolder(t);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, 'usr/lib'), { recursive: true });
  await symlink('usr/lib', join(root, 'lib'));
  return await placesWarning(root);
}

const UNIT = 'etc/systemd/system';

for (const [what, files, named] of [
  [
    'a line of fstab',
    { 'etc/fstab': '/dev/sda1 / ext4 ro\nserver:/x\t/persist nfs rw 0 0\n' },
    '/etc/fstab',
  ],
  ['swap on it', { 'etc/fstab': '/persist/swapfile none swap sw 0 0\n' }, '/etc/fstab'],
  ['a unit of its name', { [`${UNIT}/persist.mount`]: '[Mount]\n' }, `/${UNIT}/persist.mount`],
  [
    'a unit that needs it',
    { [`${UNIT}/lab.service`]: '[Unit]\nRequiresMountsFor=/persist/data\n' },
    `/${UNIT}/lab.service`,
  ],
  [
    'a unit of /usr/lib',
    { 'usr/lib/systemd/system/lab.service': 'ExecStart=/bin/lab --to /persist\n' },
    '/lib/systemd/system/lab.service',
  ],
] as const) {
  test(`placesWarning() names ${what}`, async (t) => {
    const warning = await warningOf(t, files);
    t.is(
      warning,
      `it expects /persist (${named}), which a node has only after: walt node config NODE mount.persist=true`,
    );
  });
}

test('placesWarning() has nothing against other images', async (t) => {
  t.is(await warningOf(t, {}), undefined);
  t.is(
    await warningOf(t, {
      'etc/fstab': '# /persist is ours\n/dev/sda1 /persistent ext4 ro\nx /srv/persist none\n',
      [`${UNIT}/fstrim.timer`]: 'Persistent=true\n',
      [`${UNIT}/notes.txt`]: '/persist\n',
      [`${UNIT}/huge.service`]: `${'#'.repeat(70_000)}\nExecStart=/persist\n`,
    }),
    undefined,
  );
});

test('placesWarning() names three files at most, and follows no link out of the image', async (t) => {
  const files = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [`${UNIT}/${name}.service`, 'ExecStart=/persist/x\n']),
  );
  t.regex((await warningOf(t, files)) ?? '', /a\.service, .*b\.service, .*c\.service and others\)/);
  const outside = await temporaryFolder(t);
  await writeFile(join(outside, 'fstab'), 'x /persist nfs\n');
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'etc'));
  await symlink(join(outside, 'fstab'), join(root, 'etc/fstab'));
  t.is(await placesWarning(root), undefined);
});
