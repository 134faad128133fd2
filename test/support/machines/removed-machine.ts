// A machine is removed while somebody else powers it on, and again after that.
import { readdir } from 'node:fs/promises';
import { openOneMachine } from './one-machine.ts';

const { folder, mac, machines, said, pid } = await openOneMachine(['walt-net', 'other']);
const ranBefore = (await pid()) !== undefined;
const answers = await Promise.allSettled([
  machines.remove(mac),
  machines.powerOn(mac),
  machines.powerCycle(mac),
]);
const isAlive = (await pid()) !== undefined;
const taps = (await readdir('/sys/class/net')).filter((name) => /^(v5|wn-)/.test(name));
const left = [...(await readdir(folder)), ...taps];
const answered = answers.map((answer) =>
  answer.status === 'fulfilled' ? 'done' : answer.reason.message,
);
console.log(JSON.stringify({ ranBefore, answered, isAlive, left, said }));
