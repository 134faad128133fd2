// Nothing in an image belongs to the machine that built it, or tells when it did.
import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { settle } from '../../../../scripts/images/debian/settle.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const DATE = new Date('2026-01-02T03:04:05Z');

const BUILT = {
  'etc/shadow': 'root:*:20500:0:99999:7:::\nsshd:!:20500::::::\nnever:!::0:::::\n',
  'etc/shadow-': 'root:*:20500:0:99999:7:::\n',
  'etc/motd': 'Debian',
  'etc/machine-id': 'a7e1f0',
  'etc/hostname': 'builder',
  'etc/ssh/ssh_host_rsa_key': '',
  'etc/ssh/sshd_config': 'kept',
  'var/log/apt/history.log': 'yesterday',
  'var/lib/apt/lists/index': '',
  'var/cache/apt/pkgcache.bin': '',
  'var/cache/ldconfig/aux-cache': 'inodes',
  'usr/bin/program': '',
};

test("settle() removes what is one machine's own, and dates what has to have a date", async (t) => {
  const root = join(await temporaryFolder(t), 'root');
  const settings = join(root, '../settings');
  for (const [path, text] of Object.entries(BUILT)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(settings, 'etc'), { recursive: true });
  await writeFile(join(settings, 'etc/hosts'), 'ours');
  await settle(root, { settings, date: DATE });

  const read = (path: string) => readFile(join(root, path), 'utf8');
  t.is(
    await read('etc/shadow'),
    'root:*:20455:0:99999:7:::\nsshd:!:20455::::::\nnever:!::0:::::\n',
  );
  t.is(await read('etc/shadow-'), 'root:*:20455:0:99999:7:::\n');
  t.is(await read('etc/hosts'), 'ours');
  t.is(await read('etc/machine-id'), '');
  t.is(await read('etc/motd'), '');
  t.is(await read('etc/ssh/sshd_config'), 'kept');
  const gone = ['etc/hostname', 'etc/ssh/ssh_host_rsa_key', 'var/log/apt/history.log'];
  for (const path of [...gone, 'var/cache/ldconfig/aux-cache', 'var/lib/apt/lists/index']) {
    await t.throwsAsync(access(join(root, path)), { code: 'ENOENT' }, path);
  }
  t.is(await read('etc/.updated'), `TIMESTAMP_NSEC=${DATE.getTime()}000000\n`);
  // systemd compares these: a younger /usr would be a new system.
  t.true(
    (await stat(join(root, 'usr'))).mtimeMs <= (await stat(join(root, 'etc/.updated'))).mtimeMs,
  );
});
