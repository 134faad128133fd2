// On which addresses the API may be reached from other machines.
import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { ConfigError } from '../../../agent/errors.ts';

const configure = (place: string, more = '') =>
  parseConfig(`api: {listen: ['${place}']${more}}`, 'walt.yaml');

test('api.listen is off, and takes addresses that nodes do not reach', (t) => {
  t.deepEqual(parseConfig('', 'walt.yaml').api.listen, []);
  for (const place of ['192.0.2.1:8443', '127.0.0.1:443', '[2001:db8::1]:8443', '[::1]:1']) {
    t.deepEqual(configure(place).api.listen, [place]);
  }
});

for (const place of [
  '0.0.0.0:8443',
  '192.168.152.1:8443',
  '[::]:8443',
  '[0:0:0:0:0:0:0:0]:8443',
  '[::ffff:0.0.0.0]:8443',
  '[::ffff:192.168.152.1]:8443',
]) {
  test(`api.listen takes ${place} only with api.onWaltNet`, (t) => {
    const error = t.throws(() => configure(place), { instanceOf: ConfigError });
    t.regex(error?.message ?? '', /walt\.yaml:1: api\.listen\.0: nodes reach .*api\.onWaltNet/);
    t.notThrows(() => configure(place, ', onWaltNet: true'));
  });
}

for (const place of [
  '8443',
  'walt:8443',
  '192.0.2.1',
  '192.0.2.1:0',
  '192.0.2.1:70000',
  '::1:8443',
  '[1.2.3.4]:1',
]) {
  test(`api.listen refuses ${place}`, (t) => {
    const error = t.throws(() => configure(place), { instanceOf: ConfigError });
    t.is(error?.message.split('\n').length, 2);
    t.regex(error?.message ?? '', /expected an address with a port/);
  });
}

test('api.listen is of this machine where walt-net is virtual', (t) => {
  const text = "api: {listen: ['192.0.2.1:8443']}\nnetwork: {namespace: walt}";
  t.deepEqual(parseConfig(text, 'walt.yaml').api.listen, ['192.0.2.1:8443']);
});
