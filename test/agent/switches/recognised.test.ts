// Devices that switches name as switches by LLDP.
import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import { withSnmp } from '../../../agent/snmp/client.ts';
import { readSwitch } from '../../../agent/switches/read-switch.ts';
import { asSwitch, recognised } from '../../../agent/switches/recognised.ts';
import { emulateSwitch } from '../../../lab/switches/emulated-switch.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';

const macs = ['02:5e:00:00:00:02', '02:5e:00:00:00:03', '02:5e:00:00:00:04', '02:5e:00:00:00:05'];

test('recognised() are unknown devices that say that they are bridges, and no nodes', async (t) => {
  const sw = await emulateSwitch({ access: { community: 'lab' }, portCount: 6 });
  t.teardown(() => sw[Symbol.asyncDispose]());
  const [bridge = '', node = '', station = '', told = ''] = macs;
  for (const [at, mac] of macs.entries()) {
    sw.portOf(at + 1).neighbour = { mac, name: 'desk', port: '1', isBridge: mac !== station };
  }
  sw.portOf(6).neighbour = { mac: '02:99:00:00:00:01', name: 'other', port: '1', isBridge: true };
  const unknown = { ip: '192.168.152.9', type: 'unknown', firstSeen: 0 } as const;
  const devices: Device[] = [
    { ...unknown, mac: bridge, name: 'unknown-000002' },
    { ...nodeNamed('rpi-1', { ip: '192.168.152.10' }), mac: node },
    { ...unknown, mac: station, name: 'unknown-000004' },
    { ...unknown, mac: told, name: 'sw-2', settings: { type: 'switch' } },
  ];
  const access = { version: '2c', community: 'lab' } as const;
  const target = { name: 'sw-1', ip: '127.0.0.1', port: sw.port, access };
  const facts = await withSnmp(target, readSwitch);
  const found = recognised(facts, (mac) => devices.find((one) => one.mac === mac));
  t.deepEqual(
    found.map(({ name }) => name),
    ['unknown-000002'],
  );
});

test('asSwitch() is not asked before a person allows it, and has a name that is free', (t) => {
  const device: Device = {
    ...{ mac: '02:5e:00:00:00:02', ip: '192.168.152.9', name: 'unknown-000002' },
    ...{ type: 'unknown', firstSeen: 0 },
  };
  const made = asSwitch(device, () => false);
  t.is(made.name, 'switch-000002');
  t.deepEqual(made.settings, { type: 'switch', 'lldp.explore': 'false' });
  t.is(asSwitch(device, () => true).name, 'unknown-000002');
});
