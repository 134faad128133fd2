import test from 'ava';
import { logLines } from '../../../../agent/journal/log-lines.ts';
import { LimitReports } from '../../../../agent/net/limits/reports.ts';

const HOUR_MS = 3_600_000;

function open() {
  let now = 0;
  const reports = new LimitReports(() => now);
  const lines = (from: string) =>
    reports.take('tftp-waiting', from).flatMap((event) => logLines(event).map(({ line }) => line));
  const later = (ms: number) => {
    now += ms;
  };
  return { lines, later };
}

test('LimitReports says once an hour who met a limit, and how often it was met since', (t) => {
  const { lines, later } = open();
  t.regex(lines('192.0.2.1')[0] ?? '', /^TFTP: 192\.0\.2\.1 asks for more transfers/);
  for (let count = 0; count < 5; count += 1) t.deepEqual(lines('192.0.2.1'), []);
  t.regex(lines('192.0.2.2')[0] ?? '', /\(and 5 more since this was last said\)$/);
  t.deepEqual(lines('192.0.2.1'), []);
  later(HOUR_MS);
  t.regex(lines('192.0.2.1')[0] ?? '', /\(and 1 more since this was last said\)$/);
});

test('LimitReports fills no log and no memory for addresses that are made up', (t) => {
  const { lines } = open();
  const said = Array.from({ length: 5000 }, (_, index) => lines(`made up ${index}`)).flat();
  t.is(said.length, 10);
});
