// Who may hold a packet socket: a thread of ours (thread-frames.ts), or perl where there is no koffi (perl-frames.ts).
import type { SoughtMessages } from './wanted-frames.ts';

/** A socket is kept full for so long, so that a rack that powers up wakes the server less often. Who is asked by ARP is given 0.4 s, and the handler waits 0.3 s for a frame. */
export const REST_MS = 2;
/** Room for what comes meanwhile, some thousand frames (Linux doubles it). Linux's 208 KiB have it for some hundred: an ARP answer that is lost is a proof of the opposite. */
export const ROOM = 2 ** 22;

/** What is told of a socket. */
export type Told = {
  /** first of all, and once: the socket is there, and this is the MAC of its interface */
  readonly onMac: (mac: string) => void;
  readonly onFrame: (frame: Uint8Array) => void;
  /** there is none any more, or there was none */
  readonly onEnd: (reason: string) => void;
};

/** One that is there, or is being opened. */
export type FrameHolder = {
  /** @returns false where the frame did not leave */
  readonly send: (frame: Uint8Array) => boolean;
  /** Resolves when it has ended. */
  readonly close: () => Promise<void>;
};

/** Opens a socket; what becomes of that is told, but not before this has returned. */
export type HoldFrames = (
  networkInterface: string,
  sought: SoughtMessages,
  told: Told,
) => FrameHolder;
