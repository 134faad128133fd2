// Each row of the table of limits is met by an attack on the real server, and is in the documentation.
import { readFile } from 'node:fs/promises';
import test from 'ava';
import type { Limit } from '../../../../agent/net/limits/limit.ts';
import { LIMITS, type LimitName } from '../../../../agent/net/limits/table.ts';
import { apiAttacks } from '../../../support/attacks/api.ts';
import type { Attack } from '../../../support/attacks/attack.ts';
import { bootupAttacks } from '../../../support/attacks/bootup.ts';
import { consoleAttacks } from '../../../support/attacks/consoles.ts';
import { dhcpAttacks } from '../../../support/attacks/dhcp.ts';
import { httpAttacks } from '../../../support/attacks/http.ts';
import { logAttacks } from '../../../support/attacks/logs.ts';
import { namesAttacks } from '../../../support/attacks/names.ts';
import { nfsAttacks } from '../../../support/attacks/nfs.ts';
import { nodeAttacks } from '../../../support/attacks/node.ts';
import { tftpAttacks } from '../../../support/attacks/tftp.ts';
import { timeAttacks } from '../../../support/attacks/time.ts';

const attacks: Readonly<Record<LimitName, Attack>> = {
  ...{ ...httpAttacks, ...bootupAttacks, ...tftpAttacks },
  ...{ ...dhcpAttacks, ...apiAttacks, ...nodeAttacks, ...nfsAttacks },
  ...consoleAttacks,
  ...{ ...logAttacks, ...namesAttacks, ...timeAttacks },
};
const names = Object.keys(LIMITS) as LimitName[];

for (const name of names) {
  const { server, what, outcome }: Limit = LIMITS[name];
  test(`${name}: ${server} bounds ${what}: ${outcome}`, async (t) => {
    const met = await attacks[name](t);
    t.true(
      met.some((one) => one.startsWith(`${name} `)),
      met.join('\n'),
    );
  });
}

test('LIMITS are the table of docs/limits.md', async (t) => {
  const page = await readFile(new URL('../../../../docs/limits.md', import.meta.url), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!-|server)/.test(line));
  t.deepEqual(rows, names.map(rowOf));
});

function rowOf(name: LimitName): string {
  const { server, what, unit, each, perUser, perAddress, inAll, outcome }: Limit = LIMITS[name];
  const text = (number: number | undefined) => number?.toLocaleString('en') ?? '';
  const named = unit === undefined ? what : `${what}, ${unit}`;
  const cells = [server, named, text(each), text(perUser), text(perAddress), text(inAll), outcome];
  return `| ${cells.join(' | ')} |`;
}
