// The server as a unit of a machine with systemd: its virtual nodes are units beside it, which no end of the server ends.
import { join } from 'node:path';
import test from 'ava';
import { startVm } from '../../agent/machines/vm.ts';
import { type ServerVm, startServerVm } from '../../lab/server-vm/server-vm.ts';
import { verifyUnits } from '../../lab/server-vm/verify-units.ts';
import { eventually } from '../support/lab.ts';
import { installWalt, SERVER_UNIT, walt } from '../support/server-vm/walt-in-vm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MINUTE = 60_000;
/** Emulation in emulation. */
const SLOW_SECONDS = 600;

let vm: ServerVm;

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

/** One line for each unit of a virtual node that systemd knows, `UNIT PID`. */
async function nodeUnits(): Promise<string[]> {
  const list = 'systemctl list-units --all --plain --no-legend "walt-node-*" | cut -d" " -f1';
  const script = `for unit in $(${list}); do echo $unit $(systemctl show -P MainPID $unit); done`;
  return lines(await vm.succeed(script));
}

const qemus = async () => lines((await vm.run('pgrep -f ^qemu-system-x86_64.*machines')).stdout);
const taps = async () =>
  lines(await vm.succeed('ls /sys/class/net')).filter((name) => /^v[0-9a-f]{13}$/.test(name));
const shown = async () => JSON.parse(await walt(vm, 'node show vm-1 --json'));
const stages = async (): Promise<string[]> =>
  (await shown()).stages.map(({ stage }: { stage: string }) => stage);
const lines = (text: string) => text.split('\n').filter(Boolean);
const untilItAnswers = () =>
  eventually(
    () => vm.run('/opt/walt/walt node show'),
    ({ code }) => code === 0,
    SLOW_SECONDS,
  );
const serverPid = () => vm.succeed(`systemctl show -P MainPID ${SERVER_UNIT}`);

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

test.serial('a virtual node is a unit, which outlives the server and a reboot', async (t) => {
  t.timeout(60 * MINUTE);
  t.regex(await walt(vm, 'node create vm-1 ram=256M'), /^Virtual node vm-1 .* is created/);
  const { mac } = (await shown()).node;
  const unit = `walt-node-${mac.replaceAll(':', '')}.service`;
  const [pid = ''] = await qemus();
  t.deepEqual(await nodeUnits(), [`${unit} ${pid}`]);
  t.is((await vm.succeed(`systemctl is-active ${unit}`)).trim(), 'active');
  t.is((await vm.succeed(`cat /proc/${pid}/cgroup`)).trim(), `0::/system.slice/${unit}`);
  await eventually(stages, (names) => names.includes('dhcp'), SLOW_SECONDS);

  for (const command of ['restart', 'kill -s KILL']) {
    const before = await serverPid();
    await vm.succeed(`systemctl ${command} ${SERVER_UNIT}`);
    await eventually(serverPid, (now) => now !== before && now.trim() !== '0', SLOW_SECONDS);
    await untilItAnswers();
    t.deepEqual(await nodeUnits(), [`${unit} ${pid}`], command);
    t.regex(await walt(vm, 'node power vm-1 status'), /power is on/);
  }

  await vm.succeed(`kill -KILL ${pid}`);
  const [again] = await eventually(qemus, (pids) => pids.length === 1 && !pids.includes(pid), 120);
  t.deepEqual(await nodeUnits(), [`${unit} ${again}`]);

  await vm.reboot();
  const back = await eventually(nodeUnits, (units) => units.length === 1, SLOW_SECONDS);
  t.regex(back.join(), new RegExp(`^${unit} [1-9]`));
  t.is((await taps()).length, 1);

  await vm.cutPower();
  await vm.powerOn();
  await eventually(qemus, (pids) => pids.length === 1, SLOW_SECONDS);
  await untilItAnswers();
  await walt(vm, 'node remove vm-1');
  t.deepEqual([await nodeUnits(), await qemus(), await taps()], [[], [], []]);
  t.is(await vm.succeed('ls -A /var/lib/walt/machines'), '');
});
