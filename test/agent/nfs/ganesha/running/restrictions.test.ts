// How exposed the units of NFS are. test/matrix/installed/installed-package.test.ts has a node boot from them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  BUS_RESTRICTIONS,
  GANESHA_RESTRICTIONS,
  RPCBIND_RESTRICTIONS,
} from '../../../../../agent/nfs/ganesha/running/restrictions.ts';
import { exposureOf } from '../../../../support/server-machine/unit-exposure.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const UNITS = {
  'walt-ganesha-nfsd.service': { restrictions: GANESHA_RESTRICTIONS, most: 5 },
  'walt-dbus-daemon.service': { restrictions: BUS_RESTRICTIONS, most: 4 },
  'walt-rpcbind.service': { restrictions: RPCBIND_RESTRICTIONS, most: 3.5 },
} as const;

for (const [name, { restrictions, most }] of Object.entries(UNITS)) {
  test(`${name} is exposed by no more than ${most}`, async (t) => {
    const unit = join(await temporaryFolder(t), name);
    await writeFile(unit, ['[Service]', 'ExecStart=/bin/true', ...restrictions, ''].join('\n'));
    const exposure = await exposureOf(unit);
    if (exposure === undefined) {
      t.log('not measured: this machine has no systemd-analyze (Debian package systemd)');
      return t.pass();
    }
    t.is(exposure.complaints, '', 'systemd knows each restriction');
    t.true(exposure.level <= most, `${exposure.level}`);
  });
}

test('no property is given twice: of a transient unit the last one counts, in a unit file both do', (t) => {
  for (const { restrictions } of Object.values(UNITS)) {
    const names = restrictions.map((property) => property.replace(/=.*/, ''));
    const lists = names.filter((name) => name !== 'DeviceAllow');
    t.deepEqual(lists, [...new Set(lists)]);
  }
});

test('whoever may mount may do so by the newer calls, too: mount(8) of Debian 13 takes no others', (t) => {
  for (const [name, { restrictions }] of Object.entries(UNITS)) {
    const filter = restrictions.find((property) => property.startsWith('SystemCallFilter=')) ?? '';
    for (const call of ['mount', 'fsopen', 'fsconfig', 'fsmount', 'move_mount', 'open_tree']) {
      t.true(filter.split(/[= ]/).includes(call), `${name}: ${call}`);
    }
  }
});
