import type { Device } from '../../../agent/devices/device.ts';
import { systemClock } from '../../../agent/host/clock/clock.ts';

/** A node as DHCP would have made it. */
export function nodeNamed(name: string, more: Partial<Device> & { readonly ip: string }): Device {
  const [, , third = '0', fourth = '0'] = more.ip.split('.');
  const end = [third, fourth].map((part) => Number(part).toString(16).padStart(2, '0')).join(':');
  return {
    name,
    mac: `52:54:00:00:${end}`,
    type: 'node',
    model: 'pc-x86-64',
    image: 'waltplatform/pc-x86-64-default:latest',
    root: 'sha256:00',
    firstSeen: systemClock(),
    ...more,
  };
}
