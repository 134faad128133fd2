import test from 'ava';
import { defaultImage } from '../../lab/lab.ts';
import { eventually, openLab } from '../support/lab.ts';

const IP = '192.168.152.2';
test.serial('journal and netconsole of a PC', async (t) => {
  t.timeout(30 * 60_000);
  const lab = await openLab(t, 'bios');
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  await lab.startPc({ name: 'pc1', mac: '52:54:00:f2:67:82', firmware: 'bios' });
  await eventually(
    () => lab.walt('log', 'show', '--platform', '--history', 'full'),
    (text) => text.includes('new node'),
    300,
  );
  const settings = ['mount.persist=true', 'swap=32M', 'journal=true', 'netconsole=true'];
  await lab.walt('node', 'config', 'node-f26782', ...settings);
  await lab.walt('node', 'wait', 'node-f26782', '--timeout', '900');
  await lab.ssh(
    IP,
    "systemctl is-active --wait getty@tty1; echo 'a message' >/dev/kmsg; logger written",
  );
  const all = await eventually(
    () => lab.walt('log', 'show', '--history', 'full', '--streams', '^(netconsole|journal)$'),
    (text) =>
      [
        /node-f26782\.netconsole -> .*Linux version /,
        /node-f26782\.netconsole -> .*a message$/m,
        /node-f26782\.journal -> .*systemd\[1\]: /,
        /node-f26782\.journal -> .*sshd?.*listening on /i,
        /node-f26782\.journal -> .*: written$/m,
      ].every((line) => line.test(text)),
    120,
  ).catch(async (r) => {
    console.log(await lab.walt('log', 'show', '--history', 'full', '--streams', '.'));
    console.log(
      await lab.ssh(
        IP,
        'cat /run/walt/facts /proc/net/arp; dmesg | grep -i "walt:\\|netcon"; lsmod | grep netc; cat /proc/sys/kernel/printk; systemctl is-active getty@tty1',
      ),
    );
    throw r;
  });
  console.log(
    all.split('\n').slice(0, 5).join('\n'),
    '\n...\n',
    all.split('\n').slice(-12).join('\n'),
  );
  console.log(await lab.ssh(IP, 'cat /proc/swaps; grep persist /proc/mounts; dmesg | grep walt:'));
});
