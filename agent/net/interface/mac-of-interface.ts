// The MAC under which the machines of walt-net see this server.
import { networkInterfaces } from 'node:os';
import { every } from '../../host/clock/every.ts';
import { runProgram } from '../../host/processes/program.ts';
import { macBy } from '../ffi/interface-facts.ts';
import { loadSystemCalls } from '../ffi/system-calls.ts';

type Link = { readonly address?: string };

/** A bridge without a MAC of its own has that of a port, another one when that port leaves. */
const LOOK_MS = 5000;
/** So many looks pass before iproute2 is asked again of an interface that nobody is on: that takes a program each time. */
const LOOKS_BETWEEN = 6;

/**
 * Asks the kernel; where it cannot be asked Node, and iproute2 where that has nothing to say: it does not list an interface without
 * carrier, as a bridge without machines is.
 * @param name of an interface
 * @returns undefined if there is no such interface, or it has no MAC
 */
export async function macOfInterface(name: string): Promise<string | undefined> {
  const listed = await quickMac(name);
  if (listed !== undefined) return listed;
  try {
    const [link] = JSON.parse(
      await runProgram('ip', ['-json', 'link', 'show', 'dev', name]),
    ) as Link[];
    return link?.address;
  } catch {
    return undefined;
  }
}

/** Without a program. */
async function quickMac(name: string): Promise<string | undefined> {
  const calls = await loadSystemCalls();
  return (calls && macBy(calls, name)) ?? networkInterfaces()[name]?.[0]?.mac;
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
  let unlisted = 0;
  const look = async () => {
    const listed = await quickMac(name);
    unlisted = listed === undefined ? unlisted + 1 : 0;
    // As soon as it is not listed any more, and then more rarely: no machine sees it now.
    const isAsked = unlisted % LOOKS_BETWEEN === 1;
    const mac = listed ?? (isAsked ? await macOfInterface(name) : undefined) ?? last;
    if (mac === undefined || mac === last) return;
    last = mac;
    await onChange(mac);
  };
  return every(LOOK_MS, look, onError);
}
