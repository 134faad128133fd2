// A QEMU hangs while its server is away: the next one begins without waiting for it, and starts another.
import { setTimeout as sleep } from 'node:timers/promises';
import { machinesOfOneServer, openOneMachine } from './one-machine.ts';

const first = await openOneMachine(['walt-net']);
const hung = await first.pid();
await first.machines.detach();
process.kill(hung ?? 0, 'SIGSTOP');
const { machines, said } = machinesOfOneServer(['walt-net']);
await machines.resume([first.mac]);
const saidAtFirst = [...said];
for (let tries = 0; tries < 300 && said.length < 2; tries += 1) await sleep(100);
const isAnother = ![0, hung].includes((await first.pid()) ?? 0);
await machines.remove(first.mac);
console.log(JSON.stringify({ saidAtFirst, said, isAnother }));
