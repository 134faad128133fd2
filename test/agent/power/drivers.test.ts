import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { driverNameOf, powerDrivers, targetOf } from '../../../agent/power/drivers.ts';
import { none } from '../../../agent/power/none.ts';
import { SETTINGS } from '../../../agent/settings/table.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';

const command = { settings: () => ({ seconds: 1 }), onOutput: () => undefined };
const ip = '192.168.152.2';
const machine = { isOff: false };

function drivers() {
  const asked: string[] = [];
  const note = (verb: string) => async (mac: string) => void asked.push(`${verb} ${mac}`);
  const machines = {
    powerOn: note('on'),
    powerOff: note('off'),
    powerCycle: note('cycle'),
    powerStatus: async () => 'off' as const,
  };
  return {
    ...powerDrivers({
      command,
      machines,
      poe: none,
      secretOf: async () => undefined,
      cycles: { begin: async () => undefined, end: async () => undefined },
      walt: { address: '127.0.0.1', broadcast: '127.255.255.255' },
    }),
    asked,
  };
}

test('a device has the driver that is set, and a virtual node always its machine', (t) => {
  const settings = { 'power.driver': 'command' };
  t.is(driverNameOf(nodeNamed('rpi-1', { ip })), 'none');
  t.is(driverNameOf(nodeNamed('rpi-1', { ip, settings })), 'command');
  t.is(driverNameOf(nodeNamed('pc-1', { ip, machine })), 'vm');
  t.is(driverNameOf(nodeNamed('pc-1', { ip, machine, settings })), 'vm');
});

test('each value of power.driver is a driver', (t) => {
  const names = Object.keys(drivers());
  for (const name of SETTINGS['power.driver'].offered) t.true(names.includes(name), name);
});

test('targetOf() has the words of power.argument', (t) => {
  const settings = { 'power.argument': ' sw1  7 ' };
  const device = nodeNamed('rpi-1', { ip, settings });
  t.deepEqual(targetOf(device), { name: 'rpi-1', mac: device.mac, ip, words: ['sw1', '7'] });
});

test('none switches nothing, says what to set, and knows no state', async (t) => {
  const target = targetOf(nodeNamed('rpi-1', { ip }));
  t.false(none.canSwitch);
  for (const verb of ['on', 'off', 'cycle'] as const) {
    await t.throwsAsync(none[verb](target), {
      instanceOf: WaltError,
      message: /walt node config rpi-1 power\.driver=poe /,
    });
  }
  t.is(await none.status(target), 'unknown');
});

test('vm asks the machines by their MAC', async (t) => {
  const { vm, asked } = drivers();
  const target = targetOf(nodeNamed('pc-1', { ip, machine }));
  for (const verb of ['on', 'off', 'cycle'] as const) await vm[verb](target);
  t.deepEqual(asked, [`on ${target.mac}`, `off ${target.mac}`, `cycle ${target.mac}`]);
  t.is(await vm.status(target), 'off');
  t.true(vm.canSwitch);
});
