// How the server speaks to a switch: by its settings, and by what only the server knows.
import type { Device } from '../devices/device.ts';
import { WaltError } from '../errors.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { settingsOf, settingValue } from '../settings/settings-of.ts';
import type { SnmpTarget } from '../snmp/access.ts';

/** @throws {WaltError} if the credentials are not of the version that the switch is asked by */
export async function targetOfSwitch(
  device: Device,
  secrets: Pick<Secrets, 'of'>,
): Promise<SnmpTarget> {
  const { name, ip, mac } = device;
  const settings = settingsOf(device);
  const version = settings['snmp.version'];
  const secret = await secrets.of(mac);
  if (version !== '3') {
    // A community goes over the network in clear, which a passphrase must not.
    if (secret !== undefined && secret.user !== '') {
      throw new WaltError(
        `Cannot ask ${name}: it has credentials of SNMP 3 and snmp.version=${version}; set snmp.version=3, or give a community: walt device credentials ${name}`,
      );
    }
    const community = secret?.password ?? settings['snmp.community'];
    return { name, ip, access: { version, community } };
  }
  if (secret !== undefined && secret.user !== '' && secret.privacy !== '') {
    const { user, password, privacy } = secret;
    return { name, ip, access: { version, user, password, privacy } };
  }
  throw new WaltError(
    `Cannot ask ${name}: it has snmp.version=3 and no credentials; give them: walt device credentials ${name}`,
  );
}

/** Whether a device is a switch. */
export function isSwitch(device: Device): boolean {
  return (
    device.type !== 'node' &&
    device.machine === undefined &&
    settingValue(device, 'type') === 'switch'
  );
}
