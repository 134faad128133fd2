// Virtual nodes with other firmware and networks than test/qemu/virtual-nodes.test.ts has time for.
import test from 'ava';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';

const BOOT_SECONDS = '900';

async function booted(lab: Lab, name: string): Promise<string> {
  await lab.walt('node', 'wait', name, '--timeout', BOOT_SECONDS);
  const { node } = JSON.parse(await lab.walt('node', 'show', name, '--json'));
  return node.ip;
}

test.serial(
  'a virtual node boots by UEFI, and after a setting and a reboot with Secure Boot',
  async (t) => {
    t.timeout(60 * 60_000);
    const lab = await openLab(t, 'vfirm');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    await lab.walt('node', 'create', 'efi-1', 'firmware=uefi');
    const ip = await booted(lab, 'efi-1');
    t.regex(await lab.ssh(ip, 'dmesg'), /efi: EFI v2[\s\S]*secureboot: Secure boot disabled/i);
    await lab.walt('node', 'config', 'efi-1', 'firmware=uefi-secure');
    await lab.walt('node', 'reboot', 'efi-1');
    t.is(await booted(lab, 'efi-1'), ip);
    t.regex(await lab.ssh(ip, 'dmesg'), /secureboot: Secure boot enabled/i);
  },
);

test.serial(
  'virtual nodes reach each other on a secondary network, as fast as it may be',
  async (t) => {
    t.timeout(60 * 60_000);
    const lab = await openLab(t, 'vnet');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    for (const name of ['net-1', 'net-2']) {
      await lab.walt('node', 'create', name, 'networks=walt-net,home-net[bw=8Mbps]');
    }
    const ips = [await booted(lab, 'net-1'), await booted(lab, 'net-2')];
    for (const [number, ip] of ips.entries()) {
      const card = '$(ip -o link | awk \'/link.ether 02:/ {sub(":", "", $2); print $2; exit}\')';
      await lab.ssh(ip, `ip addr add 10.99.0.${number + 1}/24 dev ${card}; ip link set ${card} up`);
    }
    t.regex(await lab.ssh(ips[0] ?? '', 'ping -c 3 -W 10 10.99.0.2'), /[1-3] received/);
    await lab.walt('node', 'remove', 'net-1');
    await lab.walt('node', 'remove', 'net-2');
    const { stdout } = await succeed(lab.namespace.command(['ip', '-br', 'link']));
    t.notRegex(stdout.toString(), /^(wn-|v[0-9a-f]{13})/m);
  },
);

test.serial(
  'a virtual node that turns itself off stays off, until somebody turns it on',
  async (t) => {
    t.timeout(60 * 60_000);
    const lab = await openLab(t, 'voff');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    await lab.walt('node', 'create', 'off-1');
    const ip = await booted(lab, 'off-1');
    await lab.ssh(ip, 'systemctl poweroff').catch(() => undefined);
    const status = () => lab.walt('node', 'power', 'off-1', 'status');
    await eventually(status, (text) => /power is off/.test(text), 120);
    await lab.endServer('SIGKILL');
    await lab.startServer();
    t.regex(await status(), /power is off/);
    await lab.walt('node', 'power', 'off-1', 'on');
    await booted(lab, 'off-1');
    t.pass();
  },
);
