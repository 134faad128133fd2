import test from 'ava';
import { onTimeQuestion } from '../../../../agent/handlers/time/on-time-question.ts';
import { wantsServerZone } from '../../../../agent/nodes/time-zone.ts';

const NODE = '192.168.152.7';

function ask(path: string, { address = NODE, timezone = 'image', isRight = true } = {}) {
  const device = { settings: { timezone } } as never;
  const registry = { byIp: (ip: string) => (ip === NODE ? device : undefined) };
  const context = {
    registry,
    isRight: () => isRight,
    wantsZone: wantsServerZone,
    clock: () => 7_123_999,
  };
  return onTimeQuestion(path, address, { ...context, zone: () => 'Europe/Paris' });
}

function textOf(outcome: ReturnType<typeof ask>): string {
  return outcome?.found.kind === 'bytes' ? Buffer.from(outcome.found.bytes).toString() : 'no bytes';
}

test('onTimeQuestion() tells the time while the clock is right, and the zone to who wants it', (t) => {
  t.is(textOf(ask('/walt-time')), 'time 7.123\n');
  t.is(textOf(ask('/walt-time', { timezone: 'server' })), 'time 7.123\nzone Europe/Paris\n');
  t.is(textOf(ask('/walt-time', { timezone: 'server', isRight: false })), 'zone Europe/Paris\n');
  t.is(textOf(ask('/walt-time', { isRight: false })), '');
  t.is(textOf(ask('/walt-time', { address: '192.168.152.8', timezone: 'server' })), 'time 7.123\n');
});

test('onTimeQuestion() is no stage of a boot', (t) => {
  t.deepEqual(Object.keys(ask('/walt-time') ?? {}), ['found', 'events']);
});

test('onTimeQuestion() leaves all other questions to others', (t) => {
  for (const path of ['/', '/walt-time/', '/boot/walt-time', '/start.ipxe']) {
    t.is(ask(path), undefined, path);
  }
});
