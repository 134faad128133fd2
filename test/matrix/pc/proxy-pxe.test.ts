// PCs without a stick on a network whose DHCP server is somebody else's: each until it is booted in its default image.
import test, { type ExecutionContext } from 'ava';
import type { Machine } from '../../../agent/machines/qemu-arguments.ts';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { createNamespace } from '../../../lab/network/namespace.ts';
import { dnsmasq } from '../../../lab/servers/stand-ins.ts';
import { $ } from '../../../scripts/run.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

type Row = {
  readonly title: string;
  /** short, unlike the others' */
  readonly name: string;
  readonly firmware: Machine['firmware'];
  /** files that show the way it took; those before are of a machine whose address nobody has told us yet */
  readonly way: readonly string[];
};

const rows: readonly Row[] = [
  {
    title: 'a BIOS PC',
    name: 'prbios',
    firmware: 'bios',
    way: ['start.ipxe', 'kernel'],
  },
  {
    title: 'a UEFI PC without Secure Boot',
    name: 'prx64',
    firmware: 'uefi-x64',
    way: ['start.ipxe', 'kernel'],
  },
  {
    title: 'a UEFI PC with Secure Boot',
    name: 'prsec',
    firmware: 'uefi-x64-secure',
    way: ['walt/pc-x86-64/secure/start.grub', 'kernel'],
  },
];

for (const [index, { title, name, firmware, way }] of rows.entries()) {
  test.serial(`${title} boots by PXE beside another DHCP server`, async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, name, { dhcp: { mode: 'proxy' } });
    await addRouter(t, lab, name);
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    const mac = `52:54:00:00:0e:0${index}`;
    const node = `node-000e0${index}`;
    await lab.startMachine({ name, mac, firmware, bootsFromNetwork: true });
    await eventually(
      () => lab.serverLog(),
      (log) => log.includes(` name=${node} model=pc-x86-64 `),
      600,
    );
    await lab.walt('node', 'wait', node, '--timeout', '900');
    const { stages, node: shown } = JSON.parse(await lab.walt('node', 'show', node, '--json'));
    const files: string[] = stages.flatMap(
      ({ path, outcome }: { path?: string; outcome?: string }) =>
        outcome === 'complete' ? [String(path).replace(/^\//, '').replace(`${mac}/`, '')] : [],
    );
    t.deepEqual(
      way.filter((file) => files.includes(file)),
      way,
      files.join(' '),
    );
    t.regex(shown.ip, /^192\.168\.152\.[5-9]\d$/, 'an address of the other server');
    t.regex(await lab.ssh(shown.ip, 'cat /proc/cmdline'), /walt\.server\.ip=192\.168\.152\.1\b/);
  });
}

/** Another machine on walt-net, with the DHCP server that small networks have, which knows nothing of booting. */
async function addRouter(t: ExecutionContext, lab: Lab, name: string): Promise<void> {
  const router = await createNamespace(`${name}-r-${process.pid}`, {
    address: '192.168.152.254/24',
  });
  t.teardown(() => router.remove());
  const peer = ['peer', 'name', 'cable', 'netns', router.name];
  await $`ip -n ${lab.namespace.name} link add cable type veth ${peer}`;
  await $`ip -n ${lab.namespace.name} link set cable master walt-net up`;
  await $`ip -n ${router.name} link set cable master walt-net up`;
  await untilEnd(t, dnsmasq(router, []));
}
