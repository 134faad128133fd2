// The server as a unit of a machine with systemd: its virtual nodes are units beside it, which no end of the server ends.
import { join } from 'node:path';
import test from 'ava';
import { startVm } from '../../../lab/machines/vm.ts';
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import { startServerVm } from '../../../lab/server-machine/server-vm.ts';
import { verifyUnits } from '../../../lab/server-machine/verify-units.ts';
import { eventually } from '../../support/lab.ts';
import { installWalt, SERVER_UNIT, walt } from '../../support/server-machine/walt-in-vm.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MINUTE = 60_000;
/** Emulation in emulation. */
const SLOW_SECONDS = 600;
/** `TURN_MS` of machines/kept/machines.ts, in microseconds. */
const PAUSE_BETWEEN_STARTS = 1_000_000;

let vm: ServerMachine;

test.before(async (t) => {
  t.timeout(30 * MINUTE);
  vm = await startServerVm('units');
  await installWalt(vm);
  await vm.succeed(`systemctl start ${SERVER_UNIT}`);
  await untilItAnswers();
});

test.after.always(async () => {
  await vm?.close();
});

/** A virtual node's unit. Its start is in microseconds since the kernel started. */
type NodeUnit = { readonly unit: string; readonly pid: string; readonly startedAt: number };

/** The units of virtual nodes that systemd knows, in the order in which they started. */
async function nodeUnits(): Promise<NodeUnit[]> {
  const list = 'systemctl list-units --all --plain --no-legend "walt-node-*" | cut -d" " -f1';
  const show = 'systemctl show -P MainPID -P ExecMainStartTimestampMonotonic';
  const units = lines(
    await vm.succeed(`for unit in $(${list}); do echo $unit $(${show} $unit); done`),
  );
  return units
    .map((line) => {
      const [unit = '', pid = '', startedAt] = line.split(' ');
      return { unit, pid, startedAt: Number(startedAt) };
    })
    .toSorted((one, other) => one.startedAt - other.startedAt);
}

/** All of them, with a process each, as soon as there are so many. */
const runningUnits = (count: number) =>
  eventually(
    nodeUnits,
    (units) => units.filter(({ pid }) => Number(pid) > 0).length === count,
    SLOW_SECONDS,
  );
const qemus = async () => lines((await vm.run('pgrep -f ^qemu-system-x86_64.*machines')).stdout);
const taps = async () =>
  lines(await vm.succeed('ls /sys/class/net')).filter((name) => /^v[0-9a-f]{13}$/.test(name));
const lines = (text: string) => text.split('\n').filter(Boolean);
const untilItAnswers = () =>
  eventually(
    () => vm.run('/opt/walt/walt node show'),
    ({ code }) => code === 0,
    SLOW_SECONDS,
  );
const journal = () => vm.succeed(`journalctl -b --no-pager -u ${SERVER_UNIT}`);
const serverPid = () => vm.succeed(`systemctl show -P MainPID ${SERVER_UNIT}`);
/** A virtual node without an image is a device; its MAC without colons. */
async function machineOf(name: string): Promise<string> {
  const { devices } = JSON.parse(await walt(vm, 'device show --json'));
  const { mac } = devices.find((device: { name: string }) => device.name === name);
  return mac.replaceAll(':', '');
}
const unitOf = async (name: string) => `walt-node-${await machineOf(name)}.service`;

test.serial('verifyUnits() tells of a unit that systemd does not understand', async (t) => {
  t.timeout(10 * MINUTE);
  const good = '[Service]\nExecStart=/bin/true\n';
  t.deepEqual(await verifyUnits(vm, { 'good.service': good }), []);
  const [complaint = ''] = await verifyUnits(vm, {
    'bad.service': '[Service]\nExecStart=/bin/true\nRestrat=always\n',
  });
  t.regex(complaint, /bad\.service:3: Unknown key (name )?'Restrat'/);
  const [missing = ''] = await verifyUnits(vm, {
    'lost.service': '[Service]\nExecStart=/opt/nowhere\n',
  });
  t.regex(missing, /lost\.service: Command \/opt\/nowhere is not executable/);
});

test.serial('a machine on the second card is answered by the server in the VM', async (t) => {
  t.timeout(20 * MINUTE);
  const mac = '52:54:00:5e:00:77';
  const serialLog = join(await temporaryFolder(t), 'serial');
  const options = { firmware: 'bios', bootsFromNetwork: true, memoryMiB: 128 } as const;
  const pc = await startVm({ name: 'pc-77', mac, network: vm.namespace, serialLog, ...options });
  t.teardown(() => pc.stop());
  t.regex(await pc.waitForSerial(/net0: 192\.168\.152\.\d+/, { seconds: SLOW_SECONDS }), /iPXE/);
  t.regex(await walt(vm, 'device show'), new RegExp(mac));
});

test.serial('virtual nodes are units, which outlive the server', async (t) => {
  t.timeout(40 * MINUTE);
  // After a start of the machine, vm-2 comes first.
  t.regex(
    await walt(vm, 'node create vm-1 ram=256M boot.delay=10'),
    /^Virtual node vm-1 .* is created/,
  );
  await walt(vm, 'node create vm-2 ram=256M boot.delay=0');
  const units = await nodeUnits();
  t.deepEqual(
    units.map(({ unit }) => unit),
    [await unitOf('vm-1'), await unitOf('vm-2')],
  );
  for (const { unit, pid } of units) {
    t.is((await vm.succeed(`systemctl is-active ${unit}`)).trim(), 'active');
    t.is((await vm.succeed(`cat /proc/${pid}/cgroup`)).trim(), `0::/system.slice/${unit}`);
  }
  // iPXE got its address from the server.
  const console = `cat /var/lib/walt/machines/${await machineOf('vm-1')}/console.log`;
  await eventually(
    () => vm.succeed(console),
    (text) => /net0: 192\.168\.152\.\d+/.test(text),
    SLOW_SECONDS,
  );

  for (const command of ['restart', 'kill -s KILL']) {
    const before = await serverPid();
    await vm.succeed(`systemctl ${command} ${SERVER_UNIT}`);
    await eventually(serverPid, (now) => now !== before && now.trim() !== '0', SLOW_SECONDS);
    await untilItAnswers();
    t.deepEqual(await nodeUnits(), units, command);
    t.notRegex(await journal(), /is started anew|has lost its QEMU/, command);
  }
});

test.serial(
  'a virtual node whose QEMU is killed is started again in a unit of the same name',
  async (t) => {
    t.timeout(20 * MINUTE);
    const unit = await unitOf('vm-1');
    const pidOfUnit = async () => (await nodeUnits()).find((one) => one.unit === unit)?.pid;
    const before = await pidOfUnit();
    await vm.succeed(`kill -KILL ${before}`);
    await eventually(pidOfUnit, (pid) => Number(pid) > 0 && pid !== before, SLOW_SECONDS);
    t.is((await qemus()).length, 2);
  },
);

test.serial(
  'virtual nodes come back after a reboot and a power cut, one after the other',
  async (t) => {
    t.timeout(60 * MINUTE);
    const order = [await unitOf('vm-2'), await unitOf('vm-1')];
    const starts = {
      reboot: () => vm.reboot(),
      'power cut': async () => {
        await vm.cutPower();
        await vm.powerOn();
      },
    };
    for (const [how, start] of Object.entries(starts)) {
      await start();
      const units = await runningUnits(2);
      t.deepEqual(
        units.map(({ unit }) => unit),
        order,
        how,
      );
      const [first, second] = units.map(({ startedAt }) => startedAt);
      t.true(Number(second) - Number(first) >= PAUSE_BETWEEN_STARTS, how);
      await untilItAnswers();
      t.is((await taps()).length, 2, how);
    }
  },
);

test.serial('walt node remove leaves nothing of virtual nodes', async (t) => {
  t.timeout(20 * MINUTE);
  await walt(vm, 'node remove vm-1');
  await walt(vm, 'node remove vm-2');
  t.deepEqual([await nodeUnits(), await qemus(), await taps()], [[], [], []]);
  t.is(await vm.succeed('ls -A /var/lib/walt/machines'), '');
});
