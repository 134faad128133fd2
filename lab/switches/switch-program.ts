// An emulated switch as a program, for a network namespace of its own: `node switch-program.ts IP COMMUNITY MAC PORTS [BUDGET [MIB]]`. On
// standard input `station PORT MAC`, `forget PORT`, `board PORT` (something there takes power), `watts PORT WATTS`, `late` (its answers are),
// and `fault NAME` (`none`: no more); it prints `PORT on` and `PORT off`, each with a line `PORT on at MILLISECONDS` behind it.
import { createInterface } from 'node:readline';
import { emulateSwitch } from './emulated-switch.ts';
import { FAULTS, type Fault } from './switch-state.ts';

const [ip = '', community = '', mac = '', ports = '8', budget = '370', mib] = process.argv.slice(2);
const isOld = mib === 'BRIDGE-MIB';
const made = await emulateSwitch({
  ...{ ip, port: 161, access: { community }, mac, portCount: Number(ports), name: 'lab' },
  budget: Number(budget),
  // A switch without VLANs, which counts its interfaces from elsewhere.
  ...(isOld ? { stations: mib, interfaceOf: (port) => 1000 + port } : {}),
  onPower: (port, isOn) => {
    const what = `${port} ${isOn ? 'on' : 'off'}`;
    console.log(`${what}\n${what} at ${Math.round(performance.now())}`);
  },
});
console.log('listening');

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, number, value = ''] = line.split(' ');
  if (verb === 'late') made.fail('late');
  if (verb === 'fault') made.fail(FAULTS.find((one): one is Fault => one === number));
  const port = made.portOf(Number(number) || 1);
  if (verb === 'station') port.stations.add(value);
  if (verb === 'forget') port.stations.clear();
  if (verb === 'board' && port.poe) port.poe.hasLoad = true;
  if (verb === 'watts' && port.poe) port.poe.watts = Number(value);
  console.log(`did ${line}`);
});
