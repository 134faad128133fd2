import test from 'ava';
import { ipxeLine } from '../../../../agent/protocol/logs/ipxe-syslog.ts';
import { netconsoleLine } from '../../../../agent/protocol/logs/netconsole.ts';
import { syslogLine } from '../../../../agent/protocol/logs/syslog.ts';

for (const [line, shown] of [
  ['', ''],
  ['<13>text', 'user.notice text'],
  ['<0>', 'kern.emerg '],
  ['<191>x', 'local7.debug x'],
  ['<192>x', '<192>x'],
  ['<999>x', '<999>x'],
  ['<1234>x', '<1234>x'],
  ['<x>y', '<x>y'],
  ['text <13>', 'text <13>'],
] as const) {
  test(`syslogLine() of ${JSON.stringify(line)}`, (t) => {
    t.is(syslogLine(line), shown);
  });
}

for (const [line, shown] of [
  ['', ''],
  ['6,416,1758426,-;text', 'text'],
  ['6,416,1758426,c,ncfrag=0/33;text; more', 'text; more'],
  ['6,416;text', '6,416;text'],
  ['[ 1.0] a,b;c', '[ 1.0] a,b;c'],
] as const) {
  test(`netconsoleLine() of ${JSON.stringify(line)}`, (t) => {
    t.is(netconsoleLine(line), shown);
  });
}

for (const [line, shown] of [
  ['<30>ipxe: Configuring (net0)', 'Configuring (net0)'],
  ['<30>pc-1.walt ipxe: ok', 'ok'],
  ['<30>ipxe: ', ''],
  ['<30>ipxe', undefined],
  ['<13>root: ipxe: no', undefined],
  ['ipxe: no', undefined],
  ['', undefined],
] as const) {
  test(`ipxeLine() of ${JSON.stringify(line)}`, (t) => {
    t.is(ipxeLine(line), shown);
  });
}
