import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { ConfigError } from '../../../agent/errors.ts';

test('parseConfig() has no program for power, and half a minute for it, unless told', (t) => {
  t.deepEqual(parseConfig('', 'walt.yaml').power, { commandSeconds: 30, offAfterMinutes: 0 });
  const { power } = parseConfig('power: { command: /opt/power, commandSeconds: 5 }', 'walt.yaml');
  t.deepEqual(power, { command: '/opt/power', commandSeconds: 5, offAfterMinutes: 0 });
});

for (const [text, message] of [
  ['power:\n  command: bin/power', /walt\.yaml:2: power\.command: expected an absolute path/],
  ['power:\n  commandSeconds: 0', /walt\.yaml:2: power\.commandSeconds: /],
  ['power:\n  commandSeconds: 601', /walt\.yaml:2: power\.commandSeconds: /],
  ['power:\n  driver: command', /power: .*driver/],
] as const) {
  test(`parseConfig() refuses ${text.replaceAll(/\s+/g, ' ')}`, (t) => {
    t.throws(() => parseConfig(text, 'walt.yaml'), { instanceOf: ConfigError, message });
  });
}
