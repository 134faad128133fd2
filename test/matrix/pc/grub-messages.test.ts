// What GRUB says on the screen when things go wrong, from the stick and by PXE as they ship, and that it goes on by itself
// once they are right, up to the kernel of the default image.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { defaultImage } from '../../../lab/lab.ts';
import type { Vm } from '../../../lab/machines/vm.ts';
import { dnsmasq, udhcpd } from '../../../lab/servers/stand-ins.ts';
import { openLab } from '../../support/lab.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

const NEXT_SERVER = '--dhcp-boot=none,server,192.168.152.1';

/** Waits for a message that comes after all those awaited before, and returns what was on the screen up to there. */
function screenOf(vm: Vm): (pattern: RegExp) => Promise<string> {
  let after = 0;
  return async (pattern) => {
    const text = await vm.waitForSerial(pattern, { seconds: 400, after });
    const seen = text.slice(after);
    after = text.length;
    return seen;
  };
}

/** One try, from the question to the pause, while there is no image: what it says, and what it does not say any more. */
function assertWaits(t: ExecutionContext, tried: string): void {
  t.regex(tried, /server's log tells more: walt log show --platform/);
  t.is(tried.match(/again/gi)?.length, 1, 'one pause');
  t.notRegex(tried, /card.*not found|start file ended|error:/);
}

async function open(t: ExecutionContext, name: string) {
  t.timeout(30 * 60_000);
  return await openLab(t, name);
}

test.serial('GRUB on the stick names each failure in turn, then starts the image', async (t) => {
  const lab = await open(t, 'grubmsg');
  const mac = '52:54:00:00:60:01';
  // OVMF starts only cards that have a place in the boot order: this one is as with "fast boot".
  const machine = { firmware: 'uefi-x64-secure', card: 'virtio-net-pci' } as const;
  const pc = await lab.startPc({ ...machine, name: 'grubmsg', mac });
  const screen = screenOf(pc);
  const none = await screen(
    /No network card that the firmware has started[\s\S]*Trying again in 2 seconds/,
  );
  t.notRegex(
    none.slice(none.search(/by GRUB/)),
    /error:/,
    'the screen is cleared of what GRUB says',
  );
  await pc.control('qom-set', {
    ...{ path: '/machine/peripheral/card0', property: 'bootindex', value: 1 },
  });
  await screen(/No network card that the firmware has started[\s\S]*Starting the machine anew/);
  await screen(/No DHCP answer on efinet0[\s\S]*Trying again in \d+ seconds/);

  const other = await untilEnd(t, udhcpd(lab.namespace, lab.folder));
  await screen(/The DHCP answer on efinet0 names no server to boot from/);
  await other.stop();

  const silent = await untilEnd(t, dnsmasq(lab.namespace, [NEXT_SERVER]));
  await screen(/The server 192\.168\.152\.1 does not answer, or has no start file/);
  await silent.stop();

  const served = join(lab.folder, 'served');
  await mkdir(served);
  const noFile = ['--enable-tftp', `--tftp-root=${served}`];
  const without = await untilEnd(t, dnsmasq(lab.namespace, [NEXT_SERVER, ...noFile]));
  await screen(/The server 192\.168\.152\.1 does not answer, or has no start file/);
  await without.stop();

  await lab.startServer();
  await screen(/no image for model pc-x86-64 yet/);
  assertWaits(t, await screen(/Trying again in \d+ seconds/));
  await lab.walt('image', 'import', defaultImage);
  await screen(/Linux version /);
  t.regex(await lab.walt('node', 'show', '--all'), /node-006001 .*pc-x86-64/);
});

test.serial('GRUB by PXE goes on when the server is back, and the image there', async (t) => {
  const lab = await open(t, 'grubpxe');
  await lab.startServer();
  const mac = '52:54:00:00:60:02';
  const machine = { firmware: 'uefi-x64-secure', bootsFromNetwork: true } as const;
  const screen = screenOf(await lab.startMachine({ ...machine, name: 'grubpxe', mac }));
  await screen(/no image for model pc-x86-64 yet/);
  assertWaits(t, await screen(/Trying again in \d+ seconds/));
  await lab.endServer('SIGKILL');
  await screen(/No DHCP answer on efinet0[\s\S]*Trying again in \d+ seconds/);
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  await screen(/Linux version /);
  t.regex(await lab.walt('node', 'show', '--all'), /node-006002 .*pc-x86-64/);
});
