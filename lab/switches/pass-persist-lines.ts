// The questions of snmpd's `pass_persist` (snmpd.conf(5)), and the answers for objects of ours.
import { createInterface } from 'node:readline';
import type { SnmpObject } from './object-tree.ts';

const TYPES: Readonly<Record<string, string>> = {
  Integer: 'integer',
  Gauge: 'gauge',
  OctetString: 'octet',
  TimeTicks: 'timeticks',
  OID: 'objectid',
};

/** Answers what snmpd asks on standard input. @param objects in any order; asked at each question */
export function servePassPersist(objects: () => readonly SnmpObject[]): void {
  const lines = createInterface({ input: process.stdin });
  let waiting: string[] = [];
  lines.on('line', (line) => {
    // Behind the value of a `set` comes an empty line.
    if (waiting.length === 0 && line === '') return false;
    if (waiting.length === 0 && line === 'PING') return process.stdout.write('PONG\n');
    waiting.push(line);
    const wanted = waiting[0] === 'set' ? 3 : 2;
    if (waiting.length < wanted) return false;
    const asked = waiting;
    waiting = [];
    return process.stdout.write(answer(objects, asked));
  });
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

function answer(
  objects: () => readonly SnmpObject[],
  [verb = '', oid = '', value = '']: readonly string[],
): string {
  const name = oid.replace(/^\./, '');
  if (verb === 'getnext') {
    const sorted = objects().toSorted((left, right) => compare(left.oid, right.oid));
    const next = sorted.find((one) => compare(one.oid, name) > 0);
    return next === undefined ? 'NONE\n' : said(next);
  }
  const found = objects().find((one) => one.oid === name);
  if (verb === 'get') return found === undefined ? 'NONE\n' : said(found);
  if (found?.write === undefined) return 'not-writable\n';
  found.write(Number(value.split(' ')[1]));
  return 'DONE\n';
}
