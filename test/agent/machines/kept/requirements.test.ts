import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { machineFiles } from '../../../../agent/machines/kept/machine-files.ts';
import type { Hardware } from '../../../../agent/machines/kept/plan.ts';
import {
  complaintAboutRequirements,
  programsFor,
} from '../../../../agent/machines/kept/requirements.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';
const files = machineFiles('/var/lib/walt/machines', MAC);
const hardware: Hardware = {
  memoryBytes: 2 ** 30,
  cores: 1,
  firmware: 'bios',
  disks: [],
  networks: [{ name: 'walt-net' }],
};
const disk = (template: 'ext4' | 'fat32') => [{ sizeBytes: 1e9, template }];

test('complaintAboutRequirements() finds no fault with this machine', async (t) => {
  const disks = [...disk('ext4'), ...disk('fat32')];
  for (const firmware of ['bios', 'uefi', 'uefi-secure'] as const) {
    t.is(
      await complaintAboutRequirements({ hardware: { ...hardware, firmware, disks }, files }),
      undefined,
    );
  }
});

const PACKAGES = {
  'qemu-system-x86_64': 'qemu-system-x86',
  ip: 'iproute2',
  sfdisk: 'fdisk',
  mke2fs: 'e2fsprogs',
  'mkfs.fat': 'dosfstools',
} as const;

for (const [missing, name] of Object.entries(PACKAGES)) {
  test(`complaintAboutRequirements() names the package of ${missing}`, async (t) => {
    const folder = await temporaryFolder(t);
    const wanted = { ...hardware, disks: [...disk('ext4'), ...disk('fat32')] };
    for (const program of programsFor(wanted)) {
      await writeFile(join(folder, program), '');
      await chmod(join(folder, program), program === missing ? 0o644 : 0o755);
    }
    // Whoever is root may execute what has one such bit, and nothing that has none.
    t.is(
      await complaintAboutRequirements({ hardware: wanted, files }, folder),
      `${missing} is not installed (Debian package ${name})`,
    );
  });
}

test('complaintAboutRequirements() refuses a state folder whose sockets the kernel does not take', async (t) => {
  const inside = (length: number) => machineFiles(`/${'s'.repeat(length)}/machines`, MAC);
  const longest = 107 - Buffer.byteLength(inside(1).console) + 1;
  t.is(await complaintAboutRequirements({ hardware, files: inside(longest) }), undefined);
  t.regex(
    (await complaintAboutRequirements({ hardware, files: inside(longest + 1) })) ?? '',
    /^the path of its control sockets would have 108 bytes, and the kernel takes 107 at most\. Give the server/,
  );
});
