// Who has which name on walt-net, as the text of a hosts file: each device and the server, with and without the domain.
import { complaintAboutName } from '../boot/names.ts';
import type { Device } from '../devices/device.ts';

/** Of a device, what its names are made of. */
export type Named = Pick<Device, 'ip' | 'name'>;

/** The server's own name. No device can have it. */
export const SERVER_NAME = 'walt-server';

type Server = {
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly domain: string;
};

/**
 * One line for each address. The name with the domain comes first: reverse look-ups answer with it. A device with a name that no device
 * can be given, such as one that an earlier version took, is left out, so that nobody speaks for the server or for `wpad`.
 */
export function hostsText(devices: Iterable<Named>, { address, domain }: Server): string {
  const lines = [line({ ip: address, name: SERVER_NAME }, domain)];
  for (const device of devices) {
    if (complaintAboutName(device.name) === undefined) lines.push(line(device, domain));
  }
  return lines.join('');
}

function line({ ip, name }: Named, domain: string): string {
  return `${ip} ${name}.${domain} ${name}\n`;
}
