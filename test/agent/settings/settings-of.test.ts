import test from 'ava';
import fc from 'fast-check';
import {
  keysFor,
  settingsOf,
  settingText,
  settingValue,
} from '../../../agent/settings/settings-of.ts';
import { SETTING_KEYS, SETTINGS, settingOf } from '../../../agent/settings/table.ts';

const machine = { isOff: false };

test('each default and each value that completion offers can be read', (t) => {
  for (const key of SETTING_KEYS) {
    const { form, byDefault, offered } = SETTINGS[key];
    for (const text of [byDefault, ...offered])
      t.is(form.read(text).kind, 'value', `${key}=${text}`);
  }
});

test('each form reads any text as a value or says what is wrong with it', (t) => {
  const parts = fc.constantFrom(
    '8G',
    'walt-net',
    'a',
    '[',
    ']',
    'lat=8ms',
    '=',
    ',',
    '-',
    '0',
    ' ',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(parts).map((some) => some.join('')),
  );
  for (const key of SETTING_KEYS) {
    const isReading = (text: string) => {
      const reading = SETTINGS[key].form.read(text);
      return reading.kind === 'value' || reading.complaint !== '';
    };
    t.notThrows(() => fc.assert(fc.property(texts, isReading)), key);
  }
});

test('settingOf() knows the rows, and nothing that every object has', (t) => {
  t.is(settingOf('ram'), SETTINGS.ram);
  t.is(settingOf('RAM'), undefined);
  t.is(settingOf('toString'), undefined);
  t.is(settingOf('__proto__'), undefined);
});

test('keysFor() tells virtual nodes, other nodes and devices that are no nodes apart', (t) => {
  t.deepEqual(keysFor({ type: 'node', machine }), [
    'ram',
    'cpu.cores',
    'disks',
    'networks',
    'boot.delay',
    'firmware',
    'netsetup',
    'timezone',
    'kexec.allow',
    'mount.persist',
    'swap',
    'boot.timeout',
    'boot.retries',
    'boot.hardPerHour',
    'boot.heal',
    'journal',
    'netconsole',
  ]);
  t.deepEqual(keysFor({ type: 'node' }), [
    'netsetup',
    'timezone',
    'kexec.allow',
    'mount.persist',
    'swap',
    'boot.timeout',
    'boot.retries',
    'boot.hardPerHour',
    'boot.heal',
    'journal',
    'netconsole',
    'power.driver',
    'power.argument',
    'console',
  ]);
  t.deepEqual(keysFor({ type: 'unknown' }), ['netsetup', 'type']);
  t.deepEqual(keysFor({ type: 'unknown', settings: { type: 'switch' } }), [
    ...['netsetup', 'type', 'snmp.version', 'snmp.community', 'lldp.explore', 'poe.reboots'],
  ]);
});

test('settingsOf() has the defaults of all that was not set', (t) => {
  t.deepEqual(settingsOf({}), {
    ram: 2 ** 30,
    'cpu.cores': 2,
    disks: [],
    networks: [{ name: 'walt-net' }],
    'boot.delay': { kind: 'random' },
    firmware: 'bios',
    netsetup: 'default',
    timezone: 'image',
    'kexec.allow': true,
    'mount.persist': false,
    swap: 0,
    'boot.timeout': 180,
    'boot.retries': 9,
    'boot.hardPerHour': 12,
    'boot.heal': 'default',
    journal: false,
    netconsole: false,
    'power.driver': 'none',
    'power.argument': [],
    type: 'unknown',
    'snmp.version': '2c',
    'snmp.community': 'private',
    'lldp.explore': true,
    'poe.reboots': false,
    console: undefined,
  });
});

test('settingsOf() has seconds of boot.timeout from a minute on, or none', (t) => {
  t.is(settingsOf({ settings: { 'boot.timeout': 'none' } })['boot.timeout'], undefined);
  t.is(settingsOf({ settings: { 'boot.timeout': '60' } })['boot.timeout'], 60);
  t.deepEqual(SETTINGS['boot.timeout'].form.read('59'), {
    kind: 'complaint',
    complaint: 'expected seconds from 60 to 86400, or none',
  });
});

test('settingsOf() has what was set', (t) => {
  const settings = { ram: '2G', firmware: 'uefi-secure', 'power.argument': 'sw1 7' };
  t.like(settingsOf({ settings }), {
    ram: 2 ** 31,
    firmware: 'uefi-secure',
    'power.argument': ['sw1', '7'],
    'cpu.cores': 2,
  });
  t.is(settingText({ settings }, 'ram'), '2G');
  t.is(settingText({ settings }, 'disks'), 'none');
});

test('settingsOf() takes a value of another version of the server for not set', (t) => {
  const settings = { ram: 'plenty', unknown: 'x', 'cpu.cores': '4' };
  t.like(settingsOf({ settings }), { ram: 2 ** 30, 'cpu.cores': 4 });
});

test('settingValue() is what settingsOf() has for the key, set or not', (t) => {
  for (const settings of [{}, { type: 'switch', netsetup: 'NAT', ram: 'nonsense' }]) {
    const all = settingsOf({ settings });
    for (const key of SETTING_KEYS) t.deepEqual(settingValue({ settings }, key), all[key], key);
  }
});
