import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { ConfigError } from '../../../agent/errors.ts';

for (const [socket, message] of [
  ['', /walt\.yaml:2: api\.socket: /],
  [`/${'x'.repeat(107)}`, /walt\.yaml:2: api\.socket: .*107 bytes at most/],
] as const) {
  test(`parseConfig() refuses a socket of ${socket.length} characters`, (t) => {
    t.throws(() => parseConfig(`api:\n  socket: '${socket}'`, 'walt.yaml'), {
      instanceOf: ConfigError,
      message,
    });
  });
}
