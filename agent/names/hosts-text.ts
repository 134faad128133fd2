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

/** The lines that were made of devices; what is another device is another object. */
export type KnownLines = WeakMap<Named, string>;

/**
 * One line for each address. The name with the domain comes first: reverse look-ups answer with it. A device with a name that no device
 * can be given, such as one that an earlier version took, is left out, so that nobody speaks for the server or for `wpad`.
 * @param known of the same domain
 */
export function hostsText(
  devices: Iterable<Named>,
  { address, domain }: Server,
  known: KnownLines = new WeakMap(),
): string {
  const lines = [line({ ip: address, name: SERVER_NAME }, domain)];
  for (const device of devices) {
    const made = known.get(device) ?? lineOf(device, domain);
    known.set(device, made);
    lines.push(made);
  }
  return lines.join('');
}

/** Empty where nobody may be called so. */
function lineOf(device: Named, domain: string): string {
  return complaintAboutName(device.name) === undefined ? line(device, domain) : '';
}

function line({ ip, name }: Named, domain: string): string {
  return `${ip} ${name}.${domain} ${name}\n`;
}
