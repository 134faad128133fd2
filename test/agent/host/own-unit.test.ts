import test from 'ava';
import { unitArguments } from '../../../agent/host/own-unit.ts';

const UNIT = { name: 'walt-node-525400123456', description: 'Virtual node 525400123456 of WalT' };

test('unitArguments() hands over dollars so that systemd leaves them in the words', (t) => {
  const words = unitArguments(UNIT, ['sh', '-c', 'echo $$ > "$0"', '/srv/$' + '{HOME}/pid']);
  const command = words.slice(words.indexOf('--') + 1);
  t.deepEqual(command, ['sh', '-c', 'echo $$$$ > "$$0"', '/srv/$$' + '{HOME}/pid']);
});

test('unitArguments() names the unit', (t) => {
  t.true(unitArguments(UNIT, ['true']).includes('--unit=walt-node-525400123456'));
});
