import test from 'ava';
import type { Device } from '../../../../agent/devices/device.ts';
import { viewEvent } from '../../../../agent/events/feed/view.ts';

const device: Device = {
  ...{ mac: '52:54:00:00:00:01', ip: '192.168.152.2', name: 'pc-1', type: 'unknown' },
  firstSeen: 1,
};

test('an event about one device has its name, whatever form the event has', (t) => {
  const name = 'pc-1';
  t.like(viewEvent({ kind: 'new-device', device }), { name, mac: device.mac, ip: device.ip });
  t.like(viewEvent({ kind: 'power-asked', node: name, verb: 'on', by: 'alice' }), { name });
  t.like(viewEvent({ kind: 'placed', device: name, switch: 'sw', port: '1' }), { name });
  t.like(viewEvent({ kind: 'renamed', from: 'old', to: name }), { name, from: 'old' });
  t.like(viewEvent({ kind: 'device-changed', before: device, after: undefined }), {
    ...{ name, mac: device.mac, after: null },
  });
});

test('what callers do not see of a device is no event: its lease', (t) => {
  const after = { ...device, leaseUntil: 5 };
  t.is(viewEvent({ kind: 'device-changed', before: device, after }), undefined);
  const event = viewEvent({
    kind: 'device-changed',
    before: device,
    after: { ...after, name: 'x' },
  });
  t.like(event, { name: 'x', before: { name: 'pc-1' }, after: { name: 'x' } });
});

test('an event is short, whatever a machine sends', (t) => {
  const path = 'a'.repeat(100_000);
  const refused = viewEvent({ kind: 'refused-file', from: '192.168.152.9', path, reason: path });
  t.true(JSON.stringify(refused).length < 3000);
  const nodes = Array.from({ length: 5000 }, (_, index) => `pc-${index}`);
  const entered = viewEvent({ kind: 'entered', nodes, what: 'runs on', by: 'alice' });
  t.deepEqual(entered?.nodes, nodes.slice(0, 100));
});
