// The doctor examines a real server, which is well, and then is broken in one way after the other.
import { mkdir, readFile, rename, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { CheckView } from '../../../agent/api/calls/doctor.ts';
import { RegistryClient } from '../../../agent/images/sources/registry/registry-client.ts';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { BRIDGE } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { startRegistry } from '../../../lab/servers/oci-registry.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function examine(lab: Lab): Promise<Map<string, CheckView>> {
  const { stdout } = await lab.tryWalt('doctor', '--json');
  const { checks } = JSON.parse(stdout.toString()) as { readonly checks: CheckView[] };
  return new Map(checks.map((check) => [check.name, check]));
}

function failuresOf(checks: ReadonlyMap<string, CheckView>): string[] {
  return [...checks.values()].filter(({ status }) => status === 'failed').map(({ name }) => name);
}

async function openWith(t: ExecutionContext, name: string, more = {}) {
  const media = join(await temporaryFolder(t), 'media');
  await mkdir(media);
  await writeFile(join(media, 'pc-usb.dd.gz'), 'stick');
  const settings = { images: { registries: [] }, media: { folder: media }, ...more };
  return { lab: await openLab(t, name, settings), media };
}

test.serial(
  'walt doctor finds a server well before the first node comes, and leaves no device',
  async (t) => {
    t.timeout(4 * 60_000);
    const { lab } = await openWith(t, 'doctor1');
    await lab.startServer();
    const { code, said } = await lab.tryWalt('doctor');
    t.is(code, 0, said);
    t.regex(said, /^ok +dhcp +192\.168\.152\.\d+ was offered$/m);
    t.regex(said, /^ok +nfs +rpcbind, the mount service and NFS answer$/m);
    t.regex(said, /^ok +tftp /m);
    t.regex(said, /^ok +media +pc-usb\.dd\.gz$/m);
    t.regex(said, /The server is well/);
    await examine(lab);
    const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
    t.deepEqual(
      devices.filter(({ mac }: { mac: string }) => mac.startsWith('02:')),
      [],
    );
  },
);

test.serial('walt doctor says what is broken, and what to do', async (t) => {
  t.timeout(8 * 60_000);
  const { lab, media } = await openWith(t, 'doctor2');
  await lab.startServer();

  const rpcbind = Number(await readFile(join(lab.folder, 'state/nfs/rpcbind.pid'), 'utf8'));
  process.kill(rpcbind, 'SIGSTOP');
  const stopped = await examine(lab);
  process.kill(rpcbind, 'SIGCONT');
  t.regex(stopped.get('nfs')?.detail ?? '', /^rpcbind: it does not answer/);
  t.regex(stopped.get('nfs')?.mend ?? '', /systemctl restart rpcbind/);

  await rename(media, `${media}.gone`);
  const tree = ['stp_state', '1', 'forward_delay', '1500'];
  await ip('-n', lab.namespace.name, 'link', 'set', BRIDGE, 'type', 'bridge', ...tree);
  await ip('-n', lab.namespace.name, 'link', 'set', BRIDGE, 'mtu', '1400');
  const network = await examine(lab);
  t.deepEqual(failuresOf(network), ['link', 'bridge', 'media']);
  t.true(network.get('media')?.detail.startsWith(`there are no boot media in ${media}`));
  t.regex(network.get('link')?.detail ?? '', /have 1400 bytes at most/);
  t.regex(network.get('bridge')?.meaning ?? '', /hears nothing for 30 s/);
  t.regex(network.get('bridge')?.mend ?? '', /^ip link set \S+ type bridge stp_state 0$/);
  await ip('-n', lab.namespace.name, 'link', 'set', BRIDGE, 'type', 'bridge', 'stp_state', '0');
  await ip('-n', lab.namespace.name, 'link', 'set', BRIDGE, 'mtu', '1500');
  await rename(`${media}.gone`, media);

  const other = await plugMachine(lab.namespace, {
    name: `walt-lab-doctoro-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0e:01', port: 'porto' },
  });
  t.teardown(() => other.remove());
  await ip('-n', other.name, 'address', 'add', '192.168.152.250/24', 'dev', 'card');
  const dnsmasq = new Background(
    other.command([
      ...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--pid-file='],
      ...['--interface=card', '--bind-interfaces', '--log-facility=-', '--user=root'],
      ...['--dhcp-range=192.168.152.200,192.168.152.220', '--no-ping', '--leasefile-ro'],
    ]),
  );
  t.teardown(() => dnsmasq.kill());
  await dnsmasq.waitFor(/DHCP, IP range/);
  const { code, said } = await lab.tryWalt('doctor');
  t.is(code, 1);
  t.regex(said, /^FAILED +other-dhcp-servers +another DHCP server .*: 192\.168\.152\.250$/m);
  t.regex(said, /What to do: turn it off .* or set dhcp\.mode: proxy/);
  t.regex(said, /1 of \d+ checks failed: other-dhcp-servers/);
});

test.serial('walt doctor says that the disk is full', async (t) => {
  t.timeout(4 * 60_000);
  const { lab } = await openWith(t, 'doctor3');
  const state = join(lab.folder, 'state');
  await mkdir(state);
  await succeed(['mount', '-t', 'tmpfs', '-o', 'size=4g,mode=0700', 'walt-test', state]);
  t.teardown(() => runProgram(['umount', '--lazy', state]));
  await lab.startServer();
  const { blocks, bfree, bsize } = await statfs(state);
  await succeed(['mount', '-o', `remount,size=${(blocks - bfree + 16) * bsize}`, state]);
  const filler = ['dd', 'if=/dev/zero', `of=${state}/filler`, 'bs=4k', 'status=none'];
  t.not((await runProgram(filler)).code, 0, 'no room is left');
  const checks = await examine(lab);
  t.regex(checks.get('disk')?.detail ?? '', /^the disk is full: .* are free in /);
  t.is(checks.get('disk')?.mend, 'walt image gc --unused');
});

test.serial('walt doctor says which registry is not reached', async (t) => {
  t.timeout(4 * 60_000);
  const { lab } = await openWith(t, 'doctor4', {
    images: { registries: [{ name: 'gone', address: '127.0.0.1:9', http: true }] },
  });
  await lab.startServer();
  const checks = await examine(lab);
  t.like(checks.get('registries'), { status: 'warning' });
  t.regex(checks.get('registries')?.detail ?? '', /^gone: .*nothing listens there/);
});

test.serial('RegistryClient.reach() takes a registry for one', async (t) => {
  const registry = await startRegistry(await temporaryFolder(t));
  t.teardown(() => registry.stop());
  const row = { name: 'lab', address: registry.address, http: true, mirrors: [] };
  const client = await RegistryClient.open(registry.address, { registry: row });
  await t.notThrowsAsync(client.reach());
});
