// A boot sector of our own, on a stick, through real firmware: what the platform's machines are made of.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { identify } from '../../agent/host/processes/process-identity.ts';
import { startVm } from '../../lab/machines/vm.ts';
import { createNamespace } from '../support/namespace.ts';

test.before(async (t) => {
  t.timeout(300_000);
});

/** Prints its text through the BIOS, then halts: MOV SI,text; LODSB; OR AL,AL; JZ halt; MOV AH,0Eh; INT 10h; JMP; HLT. */
function bootSector(text: string): Buffer {
  const code = [0xfc, 0x31, 0xc0, 0x8e, 0xd8, 0xbe, 0x18, 0x7c];
  const loop = [0xac, 0x08, 0xc0, 0x74, 0x08, 0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xf5, 0x90, 0x90];
  const halt = [0xf4, 0xeb, 0xfd];
  const sector = Buffer.alloc(1 << 20);
  Buffer.from([...code, ...loop, ...halt]).copy(sector, 0);
  sector.write(`${text}\0`, 0x18, 'latin1');
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

test.serial(
  'startVm() boots a stick through SeaBIOS, again after a reset, and stops',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'walt-test-'));
    const namespace = await createNamespace(`walt-test-vm-b-${process.pid}`);
    const stick = join(folder, 'a,stick');
    await writeFile(stick, bootSector('Hello from the stick'));
    try {
      const vm = await startVm({
        network: namespace,
        name: 'bios',
        mac: '52:54:00:00:00:01',
        firmware: 'bios',
        usbDisk: stick,
        serialLog: join(folder, 'serial'),
      });
      const seen = await vm.waitForSerial(/Hello from the stick/, { seconds: 120 });
      await vm.control('system_reset');
      await vm.waitForSerial(/Hello from the stick/, { seconds: 120, after: seen.length });
      await vm.stop();
      await vm.stop();
      t.is(await identify(vm.pid), undefined);
    } finally {
      await namespace.remove();
      await rm(folder, { recursive: true });
    }
  },
);

test.serial('startVm() starts UEFI firmware', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-test-'));
  const namespace = await createNamespace(`walt-test-vm-u-${process.pid}`);
  try {
    const vm = await startVm({
      network: namespace,
      name: 'uefi',
      mac: '52:54:00:00:00:02',
      firmware: 'uefi-x64',
      serialLog: join(folder, 'serial'),
    });
    t.regex(await vm.waitForSerial(/BdsDxe|Boot Manager/i, { seconds: 180 }), /Bds|Boot/);
    await vm.stop();
  } finally {
    await namespace.remove();
    await rm(folder, { recursive: true });
  }
});

test.serial('startVm() says what QEMU said when it cannot start', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-test-'));
  const namespace = await createNamespace(`walt-test-vm-e-${process.pid}`);
  const machine = { name: 'broken', mac: '52:54:00:00:00:03', firmware: 'bios' } as const;
  try {
    const starting = startVm({
      ...machine,
      network: namespace,
      usbDisk: join(folder, 'absent'),
      serialLog: join(folder, 'serial'),
    });
    await t.throwsAsync(starting, { message: /broken: .*absent.*No such file/s });
  } finally {
    await namespace.remove();
    await rm(folder, { recursive: true });
  }
});
