import test from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import type { Secret } from '../../../agent/secrets/secrets.ts';
import { targetOfSwitch } from '../../../agent/switches/access-of.ts';

const device: Device = {
  ...{ mac: '02:5e:00:00:00:01', name: 'sw-1', ip: '192.168.152.9', type: 'unknown', firstSeen: 0 },
  settings: { type: 'switch' },
};
const community = { user: '', password: 'a community', privacy: '' };
const ofThree = { user: 'walt', password: 'a passphrase', privacy: 'another one' };

const accessOf = async (version: string, secret?: Secret) => {
  const settings = { ...device.settings, 'snmp.version': version };
  const { access } = await targetOfSwitch(
    { ...device, settings },
    { of: async () => secret && { ...secret, purpose: '' } },
  );
  return access;
};

test('targetOfSwitch() has what the version needs', async (t) => {
  t.deepEqual(await accessOf('1'), { version: '1', community: 'private' });
  t.deepEqual(await accessOf('2c', community), { version: '2c', community: 'a community' });
  t.deepEqual(await accessOf('3', ofThree), { version: '3', ...ofThree });
  await t.throwsAsync(accessOf('3'), { message: /no credentials/ });
  await t.throwsAsync(accessOf('3', community), { message: /no credentials/ });
});

test('targetOfSwitch() sends no passphrase of version 3 as a community', async (t) => {
  for (const version of ['1', '2c']) {
    const thrown = await t.throwsAsync(accessOf(version, ofThree), {
      message: new RegExp(`credentials of SNMP 3 and snmp.version=${version}`),
    });
    t.false(thrown?.message.includes('passphrase'));
  }
});
