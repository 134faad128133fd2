// Which devices reach other networks through the server: setting `netsetup`, and what the configuration says where it is not set.
import type { Device } from '../devices/device.ts';
import { type Settings, settingValue } from '../settings/settings-of.ts';

/** Whether a device is to reach other networks. */
export type HasNat = (device: Pick<Device, 'settings'>) => boolean;

/** @param standard of devices whose setting is `default` */
export function hasNatBy(standard: 'LAN' | 'NAT'): HasNat {
  return (device) => {
    const netsetup = settingValue(device, 'netsetup');
    return (netsetup === 'default' ? standard : netsetup) === 'NAT';
  };
}

/** Why a machine without rules of ours cannot do what is to be set; undefined where it is not asked for, or was so before. */
export function complaintWithoutNat(
  device: Pick<Device, 'settings'>,
  next: Pick<Settings, 'netsetup'>,
): string | undefined {
  if (next.netsetup !== 'NAT' || settingValue(device, 'netsetup') === 'NAT') return undefined;
  return (
    'netsetup=NAT needs rules of the kernel, which this server could not make. Install the Debian package nftables, let the ' +
    'server use it (CAP_NET_ADMIN), and start the server again'
  );
}
