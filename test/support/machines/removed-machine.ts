// A machine is removed while somebody else powers it on, and again after that.
import { readdir } from 'node:fs/promises';
import { machineFiles } from '../../../agent/machines/kept/machine-files.ts';
import { Machines } from '../../../agent/machines/kept/machines.ts';
import type { Hardware } from '../../../agent/machines/kept/plan.ts';
import { qemuPid } from '../../../agent/machines/kept/qemu-process.ts';

const [, , folder = ''] = process.argv;
const mac = '52:54:00:00:00:01';
const hardware: Hardware = {
  memoryBytes: 256 * 2 ** 20,
  cores: 1,
  firmware: 'bios',
  disks: [],
  networks: [{ name: 'walt-net' }, { name: 'other' }],
};
const said: string[] = [];
const machines = new Machines({
  ...{ folder, bridge: 'walt-net' },
  wanted: () => ({ plan: { mac, name: 'pc-1', hardware }, isOn: true }),
  setOn: async () => undefined,
  tell: (news) => void said.push(news.kind === 'said' ? news.text : news.cause),
  accelerator: async () => ({ kind: 'tcg', why: 'this is a test' }),
});
await machines.resume([]);
await machines.add(mac);
const ranBefore = (await qemuPid(machineFiles(folder, mac))) !== undefined;
const answers = await Promise.allSettled([
  machines.remove(mac),
  machines.powerOn(mac),
  machines.powerCycle(mac),
]);
const isAlive = (await qemuPid(machineFiles(folder, mac))) !== undefined;
const taps = (await readdir('/sys/class/net')).filter((name) => /^(v5|wn-)/.test(name));
const left = [...(await readdir(folder)), ...taps];
const answered = answers.map((answer) =>
  answer.status === 'fulfilled' ? 'done' : answer.reason.message,
);
console.log(JSON.stringify({ ranBefore, answered, isAlive, left, said }));
