// QEMU of a machine is stopped: it has not ended, and does nothing.
import { openOneMachine } from './one-machine.ts';

const { mac, machines, said, pid } = await openOneMachine(['walt-net']);
const stateNow = () => machines.stateOf(mac);
const pidNow = async () => (await pid()) ?? 0;
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
