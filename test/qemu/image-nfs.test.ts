// The default image in a virtual PC: from its kernel over its initrd and walt-init to a login, served by a real NFS
// server. The kernel is started directly: what comes before it is tested with the medium.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { startVm, type Vm } from '../../lab/machines/vm.ts';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { $ } from '../../scripts/run.ts';
import { commandLine, NODE, type ServedImage, serveImage } from '../support/images/served-image.ts';

const PATIENCE = { seconds: 400 };

test.before((t) => {
  t.timeout(1_800_000);
});

function start(image: ServedImage, append: string): Promise<Vm> {
  return startVm({
    ...{ network: image.namespace, name: 'img', mac: NODE.mac, firmware: 'bios' },
    ...{ kernel: image.kernel, initrd: image.initrd, append },
    serialLog: join(image.folder, 'serial'),
  });
}

function waitForBoots(image: ServedImage, count: number): Promise<string> {
  const pattern = new RegExp(`(?:REQ_NOTIFY_BOOTUP_STATUS[^]*){${count}}`);
  return waitForText(image.notifications, pattern, { what: 'notifications', ...PATIENCE });
}

async function request(image: ServedImage, text: string): Promise<string> {
  const argv = image.namespace.command(['busybox', 'nc', '-w', '10', NODE.ip, '12346']);
  return (await $({ input: text })`${argv}`).stdout;
}

test.serial('the image waits for NFS, boots over NFS 4, is clean again after REBOOT', async (t) => {
  const image = await serveImage(`walt-img-a${process.pid}`);
  try {
    const vm = await start(image, commandLine({ version: '4.2' }));
    await vm.waitForSerial(/walt: waiting for server 192.168.152.1 to serve the image/, PATIENCE);
    await image.startNfs();
    const started = Date.now();
    await waitForBoots(image, 1);
    t.log(`booted ${Date.now() - started} ms after NFS was there`);
    t.is(await image.ssh('hostname'), NODE.name);
    t.regex(await image.ssh('grep " / " /proc/mounts'), /^walt \/ overlay rw/);
    t.regex(await image.ssh('cat /etc/resolv.conf'), /^nameserver 192\.168\.152\.1$/);
    t.regex(await image.ssh('cat /etc/machine-id'), /^[0-9a-f]{32}$/);
    t.is(await image.ssh('systemctl --failed --no-legend'), '');
    // The keepers hold the image: that is the one NFS mount to be seen, of the version asked for.
    t.regex(
      await image.ssh('grep nfs /proc/mounts'),
      /^\S+ \/run\/walt\/keepers\/nfs nfs4? .*vers=4\.2/,
    );
    t.log(await image.ssh('systemd-analyze; systemd-analyze blame | head -n 8'));
    await image.ssh('echo mine > /root/written');
    t.is(await request(image, 'MODE single\nPING\n'), 'OK\n');
    t.is(await request(image, 'MODE single\nREBOOT\n'), 'OK\n');
    await waitForBoots(image, 2);
    t.is(await image.ssh('ls /root'), '');
    await vm.stop();
  } finally {
    await image.remove();
  }
});

test.serial(
  'a node over NFS 3 whose server has gone reboots, and again when it stays away',
  async (t) => {
    const image = await serveImage(`walt-img-b${process.pid}`);
    try {
      await image.startNfs();
      const vm = await start(
        image,
        commandLine({ version: '3', more: ['walt.nfs.watchdog=15', 'walt.nfs.seconds=10'] }),
      );
      await waitForBoots(image, 1);
      t.regex(await image.ssh('grep nfs /proc/mounts'), /vers=3/);
      const before = (await vm.serial()).length;
      await image.stopNfs();
      await vm.waitForSerial(/has not served the root file system for 15 s/, {
        ...PATIENCE,
        after: before,
      });
      const seen = await vm.waitForSerial(/did not serve the image .* in time. Rebooting/, {
        ...PATIENCE,
        after: before,
      });
      await sleep(1000);
      await vm.waitForSerial(/Linux version/, { ...PATIENCE, after: seen.length });
      await vm.stop();
      t.pass();
    } finally {
      await image.remove();
    }
  },
);
