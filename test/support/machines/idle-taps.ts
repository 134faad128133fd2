// One machine is off and one runs, when what machines that are off left is removed.
import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { links } from '../../../agent/host/links/links.ts';
import { removeIdleTaps } from '../../../agent/machines/kept/idle-taps.ts';
import { machineFiles } from '../../../agent/machines/kept/machine-files.ts';
import { Taps } from '../../../agent/machines/kept/taps.ts';
import { qmpOption } from '../../../agent/machines/qemu-arguments.ts';

const BRIDGE = 'walt-net';
const OFF = '52:54:00:00:00:01';
const ON = '52:54:00:00:00:02';

const folder = join(process.argv[2] ?? '', 'machines');
const taps = new Taps(BRIDGE);
for (const mac of [OFF, ON]) {
  await mkdir(machineFiles(folder, mac).folder, { recursive: true });
  await taps.add(mac, [{ name: BRIDGE }, { name: `second-${mac}` }]);
}
const files = machineFiles(folder, ON);
// A process that looks like its QEMU.
const words = ['-e', 'sleep 90', qmpOption(files.qmp)];
const qemu = spawn('perl', words, { argv0: 'qemu-system-x86_64', stdio: 'ignore' });
await writeFile(files.pid, String(qemu.pid));
await removeIdleTaps(folder, BRIDGE);
await removeIdleTaps(join(folder, 'nowhere'), BRIDGE);
qemu.kill('SIGKILL');
const left = (await links()).map(({ name }) => name).filter((name) => /^(v5254|wn-)/.test(name));
const taken = left.map((name) => name.replace(/^wn-.*/, 'bridge')).toSorted();
console.log(JSON.stringify({ taken, kept: await readdir(folder) }));
