// Two machines that want more memory than there is, together: asked for at the same time, and started at the same time.
import { freemem, totalmem } from 'node:os';
import { Machines } from '../../../agent/machines/kept/machines.ts';
import type { Hardware } from '../../../agent/machines/kept/plan.ts';

const [, , folder = ''] = process.argv;
const MIB = 2 ** 20;
const hardwareOf = (memoryMiB: number): Hardware => ({
  memoryBytes: memoryMiB * MIB,
  cores: 1,
  firmware: 'bios',
  disks: [],
  networks: [{ name: 'walt-net' }],
});
const small = hardwareOf(256);
const large = hardwareOf(Math.ceil((totalmem() * 0.55) / MIB));
const wanted = new Map([
  ['52:54:00:00:00:01', small],
  ['52:54:00:00:00:02', small],
]);
const [one = '', other = ''] = [...wanted.keys()];
const machines = new Machines({
  ...{ folder, bridge: 'walt-net' },
  wanted: (mac) => ({ plan: { mac, name: mac, hardware: wanted.get(mac) ?? small }, isOn: true }),
  setOn: async () => undefined,
  tell: () => undefined,
  accelerator: async () => ({ kind: 'tcg', why: 'this is a test' }),
});
await machines.resume([]);
await machines.add(one);
const alone = await machines.complaintAbout(other, large);
const together = await machines.complaintAbout(other, large, new Map([[one, large]]));
await machines.powerOff(one);
for (const mac of wanted.keys()) wanted.set(mac, large);
const answers = await Promise.allSettled([machines.powerOn(one), machines.add(other)]);
const refusals = answers.flatMap((answer) =>
  answer.status === 'rejected' ? [answer.reason.message] : [],
);
await Promise.all([machines.remove(one), machines.remove(other)]);
const hasRoom = freemem() > large.memoryBytes;
console.log(JSON.stringify({ alone: alone ?? null, together, refusals, hasRoom }));
