// Each event that has a line gets it into the log.
import test from 'ava';
import type { ServerEvent } from '../../../../agent/events/event.ts';
import { openRecords } from '../../../support/records.ts';

const EVENTS: readonly ServerEvent[] = [
  { kind: 'placed', device: 'rpi-1', switch: 'sw-1', port: 'ge7' },
  { kind: 'switch-recognised', device: 'switch-1', by: 'sw-1' },
  { kind: 'port-mended', text: 'port ge7 of sw-1', error: null },
  { kind: 'healing', node: 'rpi-1', what: 'step', text: 'is helped' },
  { kind: 'healing-paused', reason: 'the link is down' },
  { kind: 'power-saved', node: 'rpi-1', minutes: 120, error: null },
];

for (const event of EVENTS) {
  test(`writeJournal() writes the line of ${event.kind}`, async (t) => {
    const { publish, printed } = await openRecords();
    publish([event]);
    t.is(printed.length, 1, printed.join('\n'));
  });
}
