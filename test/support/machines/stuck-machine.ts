// QEMU of a machine is stopped: it has not ended, and does nothing.

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
  networks: [{ name: 'walt-net' }],
};
const said: string[] = [];
const machines = new Machines({
  ...{ folder, bridge: 'walt-net' },
  wanted: () => ({ plan: { mac, name: 'pc-1', hardware }, isOn: true }),
  setOn: async () => undefined,
  tell: (news) => void said.push(news.kind === 'said' ? news.text : news.cause),
  accelerator: async () => ({ kind: 'tcg', why: 'this is a test' }),
});
const stateNow = () => machines.stateOf(mac);
const pidNow = async () => (await qemuPid(machineFiles(folder, mac))) ?? 0;
await machines.resume([]);
await machines.add(mac);
await machines.check();
const before = stateNow();
const stuck = await pidNow();
process.kill(stuck, 'SIGSTOP');
await machines.check();
await machines.check();
const found = stateNow();
await machines.powerCycle(mac);
const isAnother = ![0, stuck].includes(await pidNow());
const after = stateNow();
await machines.remove(mac);
console.log(JSON.stringify({ before, found, isAnother, after, said }));
