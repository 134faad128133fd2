// A switch as a program of Debian's snmpd: snmpd.conf(5), `pass_persist`. It answers for the objects of an emulated switch that are
// below the names which snmpd gives it. Started as `node pass-persist.ts`.
import { createInterface } from 'node:readline';
import type { SnmpObject } from './object-tree.ts';
import { switchObjects } from './switch-objects.ts';
import type { EmulatedPort, SwitchState } from './switch-state.ts';

/** MAC of the server, of the switch and of the board behind port 3. */
const [SERVER = '', SWITCH = '', BOARD = ''] = process.argv.slice(2);
const TYPES: Readonly<Record<string, string>> = {
  Integer: 'integer',
  Gauge: 'gauge',
  OctetString: 'octet',
  TimeTicks: 'timeticks',
  OID: 'objectid',
};

const state = boardBehindPortThree();

/** A switch with four ports. */
function boardBehindPortThree(): SwitchState {
  const ports = new Map<number, EmulatedPort>();
  for (let port = 1; port <= 4; port += 1) {
    const poe = { isEnabled: true, hasLoad: port === 3, watts: 4, classification: 1 };
    ports.set(port, { name: `ge${port}`, stations: new Set(), poe });
  }
  ports.get(1)?.stations.add(SERVER);
  ports.get(3)?.stations.add(BOARD);
  return {
    ...{ name: 'snmpd', mac: SWITCH, product: '1.3.6.1.4.1.99999.2', description: 'snmpd' },
    ...{ stations: 'BRIDGE-MIB', firstInterface: 1, firstPoePort: 1, budget: 60, ports },
    upSeconds: () => 1,
    fault: undefined,
  };
}

function objects(): SnmpObject[] {
  const all = switchObjects(state, (port, isEnabled) => {
    const poe = state.ports.get(port)?.poe;
    if (poe) poe.isEnabled = isEnabled;
  });
  return all.toSorted((left, right) => compare(left.oid, right.oid));
}

function compare(left: string, right: string): number {
  const [one, other] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function said({ oid, type, value }: SnmpObject): string {
  const text =
    type === 'OctetString'
      ? (
          Buffer.from(value as string | Buffer)
            .toString('hex')
            .match(/../g) ?? []
        ).join(' ')
      : String(value);
  return `.${oid}\n${TYPES[type]}\n${text}\n`;
}

function answer(verb: string, oid: string, value: string): string {
  const name = oid.replace(/^\./, '');
  if (verb === 'getnext') {
    const next = objects().find((one) => compare(one.oid, name) > 0);
    return next === undefined ? 'NONE\n' : said(next);
  }
  const found = objects().find((one) => one.oid === name);
  if (verb === 'get') return found === undefined ? 'NONE\n' : said(found);
  if (found?.write === undefined) return 'not-writable\n';
  found.write(Number(value.split(' ')[1]));
  return 'DONE\n';
}

const lines = createInterface({ input: process.stdin });
let waiting: string[] = [];
lines.on('line', (line) => {
  // Behind the value of a `set` comes an empty line.
  if (waiting.length === 0 && line === '') return false;
  if (waiting.length === 0 && line === 'PING') return process.stdout.write('PONG\n');
  waiting.push(line);
  const wanted = waiting[0] === 'set' ? 3 : 2;
  if (waiting.length < wanted) return false;
  const [verb = '', oid = '', value = ''] = waiting;
  waiting = [];
  return process.stdout.write(answer(verb, oid, value));
});
