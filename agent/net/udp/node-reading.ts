/**
 * Node's own reading of a UDP socket: it takes up to 32 datagrams one by one whenever some lie there, each for the price of several that
 * are taken together. Whoever reads the socket anyway stops it meanwhile. Node does this itself where a socket is closed
 * (`lib/dgram.js`), and has no name for it that others may use: where it is not found, Node goes on reading.
 */
import type { Socket } from 'node:dgram';

/** Of one socket. */
export type NodeReading = {
  /** Node takes nothing, and is not woken. */
  readonly stop: () => void;
  /** Node is woken by what lies there. */
  readonly start: () => void;
};

/** The part of Node that has the descriptor (`src/udp_wrap.cc`). */
type Handle = { recvStop(): unknown; recvStart(): unknown };

/** @returns undefined where this Node has none */
export function nodeReadingOf(socket: Socket): NodeReading | undefined {
  if (handleOf(socket) === undefined) return undefined;
  return {
    stop: () => void handleOf(socket)?.recvStop(),
    start: () => void handleOf(socket)?.recvStart(),
  };
}

/** A socket that is closed has none. */
function handleOf(socket: Socket): Handle | undefined {
  const name = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  );
  const state: unknown = name === undefined ? undefined : Reflect.get(socket, name);
  const handle: unknown = isObject(state) ? Reflect.get(state, 'handle') : undefined;
  return isHandle(handle) ? handle : undefined;
}

function isHandle(value: unknown): value is Handle {
  if (!isObject(value)) return false;
  return ['recvStop', 'recvStart'].every((name) => typeof Reflect.get(value, name) === 'function');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
