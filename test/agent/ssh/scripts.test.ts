// What the script that sends changes of a node leaves out, with a folder in place of what walt-init shows.
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { SEND_CHANGES } from '../../../agent/ssh/scripts.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const OVERLAY = join(import.meta.dirname, '../../../buildroot-overlay/bin');
const UNITS = 'etc/systemd/system';

test('SEND_CHANGES sends what users changed, and nothing that the node side writes at each boot', async (t) => {
  const folder = await temporaryFolder(t);
  const identity = await readFile(join(OVERLAY, 'walt-take-identity'), 'utf8');
  const [, masked = ''] = /^key_makers="([^"]+)"/m.exec(identity) ?? [];
  const units = masked.split(/\s+/);
  t.true(units.length >= 5, masked);
  for (const unit of [...units, 'mine.service']) {
    await mkdir(join(folder, UNITS), { recursive: true });
    await symlink('/dev/null', join(folder, UNITS, unit));
  }
  const kept = ['etc/mine', `${UNITS}/getty@.service.d/mine.conf`];
  const own = [
    `${UNITS}/getty@.service.d/zz-walt-netconsole.conf`,
    `${UNITS}/serial-getty@.service.d/zz-walt-netconsole.conf`,
    ...['etc/hosts', 'etc/ssh/ssh_host_ed25519_key', 'run/walt/facts', 'var/log/syslog'],
  ];
  for (const path of [...kept, ...own]) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
  const script = SEND_CHANGES.replace(/^grep -q .* && cd/m, 'cd').replace(
    'cd /run/walt/changes',
    `cd ${folder}`,
  );
  const { stdout } = await succeed(['sh', '-c', `(${script}) | tar -t`]);
  const files = stdout
    .toString()
    .split('\n')
    .filter((path) => path !== '' && !path.endsWith('/'));
  t.deepEqual(files.sort(), [...kept, `${UNITS}/mine.service`].map((path) => `./${path}`).sort());
});
