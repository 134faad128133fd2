// The account and password of what switches a node's power. An operator gives them, and every user may say by what a node is switched:
// so they are told to what they were given for alone, and not to where a user has the server ask since.
import { type Device, isNode } from '../devices/device.ts';
import { WaltError } from '../errors.ts';
import type { Secret, Secrets } from '../secrets/secrets.ts';
import { settingsOf } from '../settings/settings-of.ts';

/** What credentials that are given now are for; empty for what is no node, which is asked itself. */
export function purposeOf(device: Device): string {
  if (!isNode(device)) return '';
  const settings = settingsOf(device);
  return [settings['power.driver'], ...settings['power.argument']].join(' ');
}

/** @returns undefined where none was given. @throws {WaltError} if it was given for something else */
export async function powerSecretOf(
  device: Device,
  secrets: Pick<Secrets, 'of'>,
): Promise<Secret | undefined> {
  const kept = await secrets.of(device.mac);
  if (kept === undefined || kept.purpose === purposeOf(device)) return kept;
  throw new WaltError(
    `its credentials were given for another power.driver or power.argument than it has now, and are not sent there; an operator gives them again: walt device credentials ${device.name}`,
  );
}
