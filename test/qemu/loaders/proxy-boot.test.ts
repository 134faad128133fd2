// The stick on a network whose DHCP server is somebody else's: it must find the WalT server beside that one.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startVm } from '../../../lab/machines/vm.ts';
import { Background } from '../../../lab/programs/background.ts';
import { dnsmasq, httpFiles } from '../../../lab/servers/stand-ins.ts';
import { $ } from '../../../scripts/run.ts';
import { buildStick } from '../../support/built-stick.ts';
import { createNamespace } from '../../support/namespace.ts';
import { untilEnd } from '../../support/process/stand-in.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SCRIPT = `#!ipxe
echo script: server=\${next-server} card=\${netX/next-server} ip=\${ip}
:stay
sleep 60 ||
goto stay
`;

test('the stick boots from a server that is a proxy beside another DHCP server', async (t) => {
  t.timeout(600_000);
  const { folder, usbDisk } = await buildStick(t);
  await mkdir(join(folder, 'served/boot'), { recursive: true });
  await writeFile(join(folder, 'served/boot/start.ipxe'), SCRIPT);

  const host = await createNamespace(`wproxy-h-${process.pid}`);
  t.teardown(() => host.remove());
  const router = await createNamespace(`wproxy-r-${process.pid}`, {
    address: '192.168.152.254/24',
  });
  t.teardown(() => router.remove());
  const peer = ['peer', 'name', 'cable', 'netns', router.name];
  await $`ip -n ${host.name} link add cable type veth ${peer}`;
  await $`ip -n ${host.name} link set cable master walt-net up`;
  await $`ip -n ${router.name} link set cable master walt-net up`;

  await untilEnd(t, dnsmasq(router, []));
  await untilEnd(t, httpFiles(host, join(folder, 'served')));
  const program = join(ROOT, 'test/support/dhcp/server-process.ts');
  const argv = [process.execPath, program, 'walt-net', ':memory:', '600', 'proxy'];
  const server = new Background(host.command(argv));
  t.teardown(() => server.kill());
  await server.waitFor(/listening/);

  const mac = '52:54:00:00:0b:01';
  const serialLog = join(folder, 'serial.log');
  const pc = { name: 'proxied', mac, firmware: 'bios', usbDisk } as const;
  const vm = await startVm({ ...pc, network: host, serialLog });
  t.teardown(() => vm.stop());
  await vm.waitForSerial(
    /script: server=192\.168\.152\.1 card=192\.168\.152\.1 ip=192\.168\.152\.[5-9]\d\s/,
    {
      seconds: 300,
    },
  );
  t.regex(
    server.said,
    /new node name=node-000b01 model=pc-x86-64 mac=\S+ ip=192\.168\.152\.[5-9]\d/,
  );
  t.notRegex(server.said, /another DHCP server/);
});
