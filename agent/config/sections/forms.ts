// Forms of values that several sections have.
import { isIP } from 'node:net';
import { z } from 'zod';
import { parseCidr } from '../../protocol/ip.ts';

/** An IPv4 address with its prefix. */
export const cidr = z
  .string()
  .refine(isCidr, 'expected an IPv4 address with its prefix, as 192.168.152.1/24');
/** Of TCP or UDP. */
export const port = z.int().min(1).max(65535);

/** Whether an address, maybe with a port and a path, is of this machine alone. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/.test(address);
}

/** Address and port of an entry of `api.listen`; undefined where it is none. */
export function listenPlace(text: string): { host: string; port: number } | undefined {
  const [, six, four = six ?? '', written] =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(written);
  if (isIP(four) !== (six === undefined ? 4 : 6) || port < 1 || port > 65_535) return undefined;
  return { host: four, port };
}

/** Whether `listenPlace` can read it. */
export function isListenAddress(text: string): boolean {
  return listenPlace(text) !== undefined;
}

/** Whether it is an address of a name server, maybe with its port. */
export function isResolver(text: string): boolean {
  const [, address = text, written = '53'] = /^([\d.]+):(\d{1,5})$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(written) >= 1 && Number(written) <= 65_535;
}

/** Whether it is an IPv4 address with a prefix of 8 or longer. */
function isCidr(text: string): boolean {
  try {
    const { prefixLength } = parseCidr(text);
    return prefixLength >= 8;
  } catch (thrown) {
    if (thrown instanceof TypeError || thrown instanceof RangeError) return false;
    throw thrown;
  }
}
