import test from 'ava';
import { machineFiles } from '../../../../agent/machines/kept/machine-files.ts';
import { unitArguments } from '../../../../agent/machines/kept/unit.ts';

const FILES = machineFiles('/var/lib/walt/machines', '52:54:00:12:34:56');

test('unitArguments() names the unit after the MAC', (t) => {
  t.true(unitArguments(FILES, ['true']).includes('--unit=walt-node-525400123456.service'));
});

test('unitArguments() hands over dollars so that systemd leaves them in the words', (t) => {
  const words = unitArguments(FILES, ['sh', '-c', 'echo $$ > "$0"', '/srv/$' + '{HOME}/pid']);
  const command = words.slice(words.indexOf('--') + 1);
  t.deepEqual(command, ['sh', '-c', 'echo $$$$ > "$$0"', '/srv/$$' + '{HOME}/pid']);
});
