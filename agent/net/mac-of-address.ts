// The MAC under which the machines of a network see an address of this server.
import { networkInterfaces } from 'node:os';

/** @returns undefined if no interface has the address */
export function macOfAddress(ip: string): string | undefined {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return entries.find(({ address }) => address === ip)?.mac;
}
