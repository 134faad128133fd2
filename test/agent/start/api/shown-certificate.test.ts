// The certificate that others see: numbers, and a line of the log a day.
import test from 'ava';
import { messageOf } from '../../../../agent/errors.ts';
import { Metrics } from '../../../../agent/metrics/metrics.ts';
import { ShownCertificate } from '../../../../agent/start/api/shown-certificate.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2030, 0, 1);

test('ShownCertificate warns from 90 days before the end, once a day, until there is another one', (t) => {
  const said: string[] = [];
  const metrics = new Metrics();
  let now = START;
  const shown = new ShownCertificate({
    metrics,
    problem: (source) => (reason) => void said.push(`${source}: ${messageOf(reason)}`),
    clock: () => now,
  });
  t.notRegex(metrics.text(), /^walt_certificate_end_seconds\{/m);
  const authority = START + 100 * DAY_MS;
  const hourly = (days: number, ends: { authority: number; server: number }) => {
    for (const until = now + days * DAY_MS; now < until; now += DAY_MS / 24) shown.show({ ends });
  };
  hourly(10, { authority, server: authority });
  t.deepEqual(said, []);
  t.regex(
    metrics.text(),
    new RegExp(`^walt_certificate_end_seconds\\{of="authority"\\} ${authority / 1000}$`, 'm'),
  );
  hourly(3, { authority, server: authority });
  t.is(said.length, 3, said.join('\n'));
  t.regex(said[0] ?? '', /^api: the authority of the API ends in 89 days .*walt-server renew/);
  hourly(3, { authority: authority + 3650 * DAY_MS, server: authority });
  t.is(said.length, 3);
});
