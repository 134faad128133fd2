// The sockets of walt-net, opened by the server itself, so that it has to become no other process for them.
import {
  type InheritedSockets,
  SOCKET_NAMES,
  type SocketPlaces,
  type WaltNetSocket,
} from './bound-sockets.ts';
import { openSockets, type SocketWanted } from './ffi/open-sockets.ts';
import { loadSystemCalls } from './ffi/system-calls.ts';

/** Those that a process was given, and the others. */
export type AllSockets = InheritedSockets & Readonly<Record<WaltNetSocket, number>>;

/**
 * Opens those that are missing, for this process alone.
 * @returns undefined where this machine has no calls for it, or refuses one of them: `withSockets` then does it, or says why not
 */
export async function openOwnSockets(
  places: SocketPlaces,
  given: InheritedSockets,
): Promise<AllSockets | undefined> {
  const calls = await loadSystemCalls();
  if (calls === undefined) return undefined;
  const missing = SOCKET_NAMES.filter((name) => given[name] === undefined);
  const wanted = missing.map((name) => wantedSocket(name, places));
  if (!wanted.every((each) => each !== undefined)) return undefined;
  const opened = openSockets(wanted, calls);
  if (opened === undefined) return undefined;
  return {
    ...given,
    ...Object.fromEntries(missing.map((name, at) => [name, opened[at]])),
  } as AllSockets;
}

function wantedSocket(
  name: WaltNetSocket,
  { interface: networkInterface, address, ports }: SocketPlaces,
): SocketWanted | undefined {
  if (name === 'dhcp') return { kind: 'dhcp', interface: networkInterface };
  const port = ports[name];
  return port === undefined ? undefined : { kind: name === 'tftp' ? 'udp' : 'tcp', address, port };
}
