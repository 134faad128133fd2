// A PC with Secure Boot on, by GRUB from the stick as it ships, with the real server.
import test from 'ava';
import { defaultImage } from '../../../lab/lab.ts';
import { eventually, openLab } from '../../support/lab.ts';

// OVMF has a driver for this card, and starts it only when it has a place in the boot order.
const CARD = { card: 'virtio-net-pci', cardBootIndex: 1 } as const;
const IP = '192.168.152.2';

test('a PC with Secure Boot says what fails, then boots the default image', async (t) => {
  t.timeout(20 * 60_000);
  const lab = await openLab(t, 'secure');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  await lab.endServer('SIGTERM');
  const machine = { name: 'pc1', mac: '52:54:00:00:00:21', firmware: 'uefi-x64-secure' } as const;
  const pc = await lab.startPc({ ...machine, ...CARD });
  await pc.waitForSerial(/WalT [0-9a-f]{12}: model pc-x86-64, by GRUB/, { seconds: 300 });
  await pc.waitForSerial(/No DHCP answer on efinet0[\s\S]*Trying again in \d+ seconds/, {
    seconds: 300,
  });
  await lab.startServer();
  await eventually(
    () => lab.walt('device', 'show'),
    (text) => text.includes('node-000021'),
    300,
  );
  await lab.walt('node', 'wait', 'node-000021', '--timeout', '400');
  t.regex(await pc.serial(), /secureboot: Secure boot enabled/);
  t.regex(await lab.ssh(IP, 'cat /sys/kernel/security/lockdown'), /\[integrity\]/);
});
