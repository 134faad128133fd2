// The MAC under which the machines of walt-net see this server.
import { networkInterfaces } from 'node:os';
import { every } from '../../host/clock/every.ts';
import { runProgram } from '../../host/processes/program.ts';

type Link = { readonly address?: string };

/** A bridge without a MAC of its own has that of a port, another one when that port leaves. */
const LOOK_MS = 5000;

/**
 * Asks iproute2 where Node has nothing to say: it does not list an interface without carrier, as a bridge without
 * machines is.
 * @param name of an interface
 * @returns undefined if there is no such interface, or it has no MAC
 */
export async function macOfInterface(name: string): Promise<string | undefined> {
  const [listed] = networkInterfaces()[name] ?? [];
  if (listed !== undefined) return listed.mac;
  try {
    const [link] = JSON.parse(
      await runProgram('ip', ['-json', 'link', 'show', 'dev', name]),
    ) as Link[];
    return link?.address;
  } catch {
    return undefined;
  }
}

/**
 * Tells each time that the interface has got another MAC than `first`, until the returned function is called. An
 * interface that is gone for a while keeps the last one.
 */
export function watchMac(
  { name, first }: { readonly name: string; readonly first: string | undefined },
  onChange: (mac: string) => Promise<void>,
  onError: (reason: unknown) => void,
): () => void {
  let last = first;
  const look = async () => {
    const mac = (await macOfInterface(name)) ?? last;
    if (mac === undefined || mac === last) return;
    last = mac;
    await onChange(mac);
  };
  return every(LOOK_MS, look, onError);
}
