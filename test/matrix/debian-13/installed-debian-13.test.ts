// A server as people get it, on Debian 13 with systemd (in a container): installed offline, a virtual node, a card of the machine, and
// what stays when the package goes. test/matrix/installed/installed-package.test.ts has more, on Debian 12.
import test from 'ava';
import { eventually } from '../../support/lab.ts';
import { type FreshMachine, freshMachine } from '../../support/server-machine/fresh-machine.ts';

const MINUTE = 60_000;
const BOOT_SECONDS = 1800;

let machine: FreshMachine;
/** of the machine, before anything was installed */
let network: string;

test.before('a fresh machine of Debian 13, and packages', async (t) => {
  t.timeout(30 * MINUTE);
  machine = await freshMachine('inst13', {
    ...{ hasImage: true, kind: 'container', suite: 'trixie' },
  });
});

test.afterEach.always(async (t) => {
  if (t.passed) return;
  const { stdout } = await machine.vm.run('journalctl -b --no-pager --lines 80');
  t.log('end of its journal:', stdout);
});

test.after.always(() => machine?.close());

test.serial('apt installs the server offline on Debian 13, and a virtual node boots', async (t) => {
  t.timeout(90 * MINUTE);
  const { server, vm } = machine;
  t.regex(await vm.succeed('cat /etc/debian_version'), /^13\./);
  network = await vm.succeed('ip -br address; ip route; ip netns');
  // Debian's own nfs-ganesha may fail on a busy machine, before the package keeps it from starting.
  const failed = async () => {
    const list = await vm.succeed('systemctl list-units --failed --plain --no-legend');
    return list.split('\n').map((line) => line.split(' ')[0]);
  };
  const before = await failed();
  await machine.install();
  t.is((await vm.succeed('systemctl show -P NRestarts walt-server')).trim(), '0');
  t.deepEqual(
    (await failed()).filter((unit) => !before.includes(unit)),
    [],
  );
  await server.walt('node create vn-1 ram=256M mount.persist=true');
  await eventually(
    () => vm.run('walt node show --all --json'),
    ({ stdout }) => stdout.includes('"vn-1"'),
    BOOT_SECONDS,
  );
  await server.walt(`node wait vn-1 --timeout ${BOOT_SECONDS}`);
  const write = 'cd /persist && echo kept > note && chmod 4755 note; ls -ln note; cat note';
  t.regex(await server.walt(`node run vn-1 -- "${write}"`), /-rwsr-xr-x .*kept$/ms);
  await server.walt('node remove vn-1');
});

test.serial('the server of Debian 13 serves the card that setup gives it', async (t) => {
  t.timeout(40 * MINUTE);
  const { server, vm } = machine;
  await machine.setUp();
  t.regex(await vm.succeed('ip -br address show walt-net'), /192\.168\.152\.1\/24/);
  await server.walt('node create vn-2 ram=256M');
  await server.walt(`node wait vn-2 --timeout ${BOOT_SECONDS}`);
  await server.walt('node remove vn-2');
  t.notRegex(await server.journal(), /are kept as folders|Cannot ask the helper/);
});

test.serial('undo and a purge leave Debian 13 as it was', async (t) => {
  t.timeout(40 * MINUTE);
  const { server, vm } = machine;
  await vm.succeed('walt-server-setup --undo --yes', { seconds: 900 });
  await server.untilItAnswers();
  await vm.succeed(
    'echo walt-server walt-server/purge-state boolean true | debconf-set-selections',
  );
  await vm.succeed('DEBIAN_FRONTEND=noninteractive apt-get purge -y walt-server', { seconds: 900 });
  t.is(await vm.succeed('ip -br address; ip route; ip netns'), network);
  t.is((await vm.run('ls -d /var/lib/walt /etc/walt /var/cache/walt')).stdout, '');
});
