// A server as people get it, on Debian 12 with systemd (in a container): virtual nodes, all ports, an upgrade beneath a virtual node, and
// what stays when the package goes. installed-server.test.ts has PCs boot from it, and a power cut.
import test from 'ava';
import { eventually } from '../../support/lab.ts';
import {
  FIRST,
  type FreshMachine,
  freshMachine,
  NEXT,
} from '../../support/server-machine/fresh-machine.ts';
import { nfsPorts, openPorts } from '../../support/server-machine/open-ports.ts';

const MINUTE = 60_000;
/** The server unpacks its image first. */
const BOOT_SECONDS = 1800;
const SERVER = '192.168.152.1';
const ELSEWHERE = '10.152.0.2';
/** The ports of walt-server and of its name server (docs/architecture.md), and of the way in. */
const OWN_PORTS = [53, 80, 12_347];
const SSH = 22;
const UNITS = 'systemctl list-units --all --plain --no-legend "walt-node-*" | cut -d" " -f1';

/** A Dockerfile with as little as an image for PCs may have, and a shell. */
const SMALL_IMAGE = `
set -e
mkdir -p /home/small/bin /home/small/sbin /home/small/boot/pc-x86-64
cd /home/small
cp -L /bin/sh /bin/touch /bin/chmod bin/
ldd bin/* | grep -o '/[^ ]*' | grep -v : | sort -u | xargs -I @ cp -L --parents @ .
cp bin/sh bin/busybox
cp bin/sh sbin/init
echo '#!ipxe' > boot/pc-x86-64/start.ipxe
for file in kernel initrd; do echo $file > boot/pc-x86-64/$file; done
printf 'FROM scratch\\nCOPY . /\\nLABEL walt.node.models=pc-x86-64\\n' > Dockerfile`;

let machine: FreshMachine;
/** of the machine, before anything was installed */
let network: string;
/** of the server, before it was removed */
let known: readonly Device[];

test.before('a fresh machine, and packages', async (t) => {
  t.timeout(30 * MINUTE);
  machine = await freshMachine('inst', { hasImage: true, kind: 'container' });
});

test.afterEach.always(async (t) => {
  if (t.passed) return;
  const { stdout } = await machine.vm.run('journalctl -b --no-pager --lines 80');
  t.log('end of its journal:', stdout);
});

test.after.always(() => machine?.close());

/** Number of the QEMU process of the only virtual node. */
const qemu = () => machine.vm.succeed(`systemctl show -P MainPID $(${UNITS})`);
type Device = { readonly name: string };
const devices = async () =>
  (await machine.server.json<{ readonly devices: readonly Device[] }>('device show')).devices;
const sorted = (ports: readonly number[]) => ports.toSorted((one, other) => one - other);

test.serial('apt installs the server offline, and it runs', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  network = await vm.succeed('ip -br address; ip route; ip netns');
  const routes = await vm.succeed('ip -br address; ip route');
  await machine.install();
  t.is((await vm.succeed('systemctl show -P NRestarts walt-server')).trim(), '0');
  t.regex(await server.journal(), /walt-server\[\d+\]: ready/);
  t.is(await vm.succeed('ip -br address; ip route'), routes, "the machine's own network");
});

test.serial(
  'a virtual node boots on the virtual walt-net that comes with the package, and keeps files',
  async (t) => {
    t.timeout(60 * MINUTE);
    const { server, vm } = machine;
    await server.walt('node create vn-1 ram=256M mount.persist=true');
    t.is((await vm.succeed(`systemctl is-active $(${UNITS})`)).trim(), 'active');
    // Until its image is here it is no node.
    await eventually(
      () => vm.run('walt node show --all --json'),
      ({ stdout }) => stdout.includes('"vn-1"'),
      BOOT_SECONDS,
    );
    await vm.succeed(`walt node wait vn-1 --timeout ${BOOT_SECONDS}`, { seconds: BOOT_SECONDS });
    const onNode = (command: string) => server.walt(`node run vn-1 -- "${command}"`);
    t.regex(await onNode('cat /proc/mounts'), /^vn-1: 192\.168\.152\.1:\S+ \S+ nfs/m);
    // By an nfs-ganesha that acts for users of nodes, though its unit may do little.
    const write = 'cd /persist && echo kept > note && chmod 4755 note';
    t.regex(await onNode(`${write}; ls -ln note; cat note`), /-rwsr-xr-x .*kept$/ms);
    for (const unit of ['walt-ganesha-nfsd', 'walt-rpcbind']) {
      const { stdout } = await vm.run(`systemd-analyze security --no-pager ${unit}.service`);
      const [, level] = /Overall exposure level for .*: (\d+\.\d)/.exec(stdout) ?? [];
      t.true(Number(level) <= 5, `${unit}: ${level}`);
    }
    await server.walt('node remove vn-1');
    t.is(await vm.succeed(UNITS), '');
  },
);

test.serial(
  'the server has mounts of its own, and its helper makes those of the machine',
  async (t) => {
    t.timeout(10 * MINUTE);
    const { server, vm } = machine;
    const mountsOf = (pid: string) => vm.succeed(`readlink /proc/${pid}/ns/mnt`);
    t.not(await mountsOf(await server.pid()), await mountsOf('1'));
    t.regex(
      await vm.succeed('journalctl -b --no-pager -u walt-host'),
      /Started .*[Hh]elper of WalT/,
    );
    t.notRegex(await server.journal(), /are kept as folders|Cannot ask the helper/);
    // Anybody but the server.
    const { code } = await vm.run(
      'setpriv --reuid=65534 --clear-groups sh -c "test -w /run/walt-host/host.sock"',
    );
    t.not(code, 0);
  },
);

test.serial('people build an image, and change it in a shell', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  await vm.succeed(SMALL_IMAGE);
  await server.walt('image build --from-dir /home/small root/small');
  const save = 'walt image shell root/small --save root/small';
  await vm.succeed(`echo 'echo kept > /note; chmod 4755 /bin/touch' | ${save}`, { seconds: 900 });
  const places = await vm.succeed(
    'cut -d" " -f5 /proc/1/mountinfo | grep ^/var/lib/walt/images/ | sort -u',
  );
  const notes = places
    .split('\n')
    .filter(Boolean)
    .map((place) => `${place}/note`);
  t.is(await vm.succeed(`cat ${notes.join(' ')} 2>/dev/null || :`), 'kept\n');
  // As the machine's programs, the server sees what the helper has mounted; twice, since its state folder is mounted on itself.
  const pid = await server.pid();
  t.is(
    await vm.succeed(
      `cut -d" " -f5 /proc/${pid}/mountinfo | grep ^/var/lib/walt/images/ | sort -u`,
    ),
    places,
  );
  t.is((await vm.succeed('systemctl is-active walt-workshop.service')).trim(), 'active');
  t.regex(
    await vm.succeed('journalctl -b --no-pager -u walt-workshop'),
    /Started .*Workshop of WalT/i,
  );
  await server.walt('image clone walt:root/small root/other');
  for (const name of ['small', 'other']) await server.walt(`image remove root/${name}`);
});

test.serial('walt-server-setup gives it the card behind which machines are', async (t) => {
  t.timeout(30 * MINUTE);
  await machine.setUp();
  t.regex(await machine.vm.succeed('ip -br address show walt-net'), /192\.168\.152\.1\/24/);
  t.regex(await machine.server.journal(), /walt-server\[\d+\]: ready/);
});

test.serial('walt-net gets WalT and NFS alone, other networks nothing of WalT', async (t) => {
  t.timeout(20 * MINUTE);
  const { vm, neighbour } = machine;
  const nfs = await nfsPorts(vm);
  t.true(nfs.includes(2049));
  t.deepEqual(await openPorts(neighbour, SERVER), sorted([SSH, ...OWN_PORTS, ...nfs]));
  t.deepEqual(await openPorts(vm.namespace, ELSEWHERE), sorted([SSH, ...nfs]));
});

test.serial('an upgrade leaves a virtual node running', async (t) => {
  t.timeout(20 * MINUTE);
  const { server, vm } = machine;
  await server.walt('node create vm-1 ram=256M');
  const before = [await server.pid(), await qemu()] as const;
  await machine.upgrade();
  t.not(await server.pid(), before[0]);
  t.is(await qemu(), before[1]);
  t.is((await vm.succeed('dpkg-query --show walt-server')).trim(), `walt-server\t${NEXT}`);
});

test.serial('a version before is refused until the database is as it was then', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  const version = async () => (await vm.succeed('dpkg-query --show walt-server')).trim();
  await server.walt('device rename vm-1 vm-later');
  const refused = await t.throwsAsync(machine.goBack(), {
    message: /brought it to step 999-of-a-later-version/,
  });
  t.is(await version(), `walt-server\t${NEXT}`);
  await server.untilItAnswers();
  const [, command = ''] = /^ +(systemctl stop.*)$/m.exec(refused?.message ?? '') ?? [];
  await vm.succeed(command);
  // One that has taken over was told to end, and not killed.
  t.is((await vm.succeed('systemctl show -P Result walt-server')).trim(), 'success');
  await machine.goBack();
  t.is(await version(), `walt-server\t${FIRST}`);
  const names = (await devices()).map(({ name }) => name);
  t.true(names.includes('vm-1') && !names.includes('vm-later'));
});

test.serial('--undo gives the card back, and the virtual walt-net with it', async (t) => {
  t.timeout(20 * MINUTE);
  const { server, vm } = machine;
  await vm.succeed('walt-server-setup --undo --yes', { seconds: 900 });
  await server.untilItAnswers();
  t.is((await vm.run('ip link show walt-net')).code, 1);
  t.is(await vm.succeed('ip -br link show master walt-net 2>/dev/null || true'), '');
  t.regex(await vm.succeed('ip -n walt-net -br address show walt-net'), /192\.168\.152\.1/);
  t.is(await vm.succeed('systemctl list-unit-files --no-legend walt-net.service || true'), '');
});

test.serial('a removal leaves the machine as it was, and what people made', async (t) => {
  t.timeout(20 * MINUTE);
  const { vm } = machine;
  known = await devices();
  await vm.succeed('walt-server backup /root/backup', { seconds: 900 });
  await vm.succeed('apt-get remove -y walt-server', { seconds: 900 });
  t.is(await vm.succeed(UNITS), '');
  t.is(await vm.succeed('ip -br address; ip route; ip netns'), network);
  t.is((await vm.run('pgrep "ganesha|walt|qemu|dnsmasq"')).stdout, '');
  t.is(await vm.succeed('systemctl is-enabled nfs-ganesha nfs-ganesha-lock'), 'enabled\nenabled\n');
  await vm.succeed('test -e /var/lib/walt/walt.db');
  await vm.succeed(
    'echo walt-server walt-server/purge-state boolean true | debconf-set-selections',
  );
  await vm.succeed('DEBIAN_FRONTEND=noninteractive apt-get purge -y walt-server', { seconds: 900 });
  t.is(
    (await vm.run('ls -d /var/lib/walt /var/lib/walt-runner /etc/walt /var/cache/walt')).stdout,
    '',
  );
});

test.serial('a machine that knows nothing gets all from a backup', async (t) => {
  t.timeout(30 * MINUTE);
  const { server, vm } = machine;
  await machine.install();
  t.notDeepEqual(await devices(), known);
  await vm.succeed('systemctl stop walt-server');
  await vm.succeed('walt-server restore /root/backup --yes', { seconds: 900 });
  await vm.succeed('systemctl start walt-server', { seconds: 900 });
  await server.untilItAnswers();
  t.deepEqual(await devices(), known);
});
