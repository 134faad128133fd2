// An emulated switch as a program, for a network namespace of its own: `node switch-program.ts IP COMMUNITY MAC PORTS`. On standard
// input `station PORT MAC`, `forget PORT` and `board PORT` (something there takes power); it prints `PORT on` and `PORT off`.
import { createInterface } from 'node:readline';
import { emulateSwitch } from './emulated-switch.ts';

const [ip = '', community = '', mac = '', ports = '8'] = process.argv.slice(2);
const made = await emulateSwitch({
  ...{ ip, port: 161, access: { community }, mac, portCount: Number(ports), name: 'lab' },
  onPower: (port, isOn) => console.log(`${port} ${isOn ? 'on' : 'off'}`),
});
console.log('listening');

createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, number, station = ''] = line.split(' ');
  const port = made.portOf(Number(number));
  if (verb === 'station') port.stations.add(station);
  if (verb === 'forget') port.stations.clear();
  if (verb === 'board' && port.poe) port.poe.hasLoad = true;
  console.log(`did ${line}`);
});
