// An emulated switch as a program, for a network namespace of its own: `node switch-program.ts IP COMMUNITY MAC PORTS`. On standard
// input `station PORT MAC`, `forget PORT`, `board PORT` (something there takes power) and `late` (its answers are); it prints `PORT on` and `PORT off`.
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
  if (verb === 'late') made.fail('late');
  const port = made.portOf(Number(number || 1));
  if (verb === 'station') port.stations.add(station);
  if (verb === 'forget') port.stations.clear();
  if (verb === 'board' && port.poe) port.poe.hasLoad = true;
  console.log(`did ${line}`);
});
