// The MAC under which the machines of a network see an address of this server.
import { networkInterfaces } from 'node:os';
import { every } from '../every.ts';

/** A bridge without a MAC of its own has that of a port, another one when that port leaves. */
const LOOK_MS = 5000;

/** @returns undefined if no interface has the address */
export function macOfAddress(ip: string): string | undefined {
  const entries = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return entries.find(({ address }) => address === ip)?.mac;
}

/**
 * Tells each time that the address has got another MAC, until the returned function is called. An address that is gone
 * for a while keeps the last one.
 */
export function watchMac(
  ip: string,
  onChange: (mac: string) => Promise<void>,
  onError: (reason: unknown) => void,
): () => void {
  let last = macOfAddress(ip);
  const look = async () => {
    const mac = macOfAddress(ip) ?? last;
    if (mac === undefined || mac === last) return;
    last = mac;
    await onChange(mac);
  };
  return every(LOOK_MS, look, onError);
}
