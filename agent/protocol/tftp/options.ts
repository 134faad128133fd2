/** Which of the options of a read request are granted, and how: the terms of one transfer (RFC 2347). */
import type { TftpOptions } from './packet.ts';

/** What client and server agreed on for one transfer. */
export type TransferTerms = {
  /** Bytes of every block but the last, which is shorter. */
  readonly blockSize: number;
  /** Blocks sent before an acknowledgement is awaited. */
  readonly windowSize: number;
  /** Milliseconds the client asked to wait before a block is sent again. */
  readonly timeoutMs?: number;
  /** the client takes a block that came twice for two */
  readonly isPatient?: true;
  /** What the client is told was granted; empty where the transfer starts with data at once. */
  readonly granted: TftpOptions;
};

/** The most that the server grants. */
export type TransferLimits = {
  /** Largest block: what one frame carries, since boot ROMs do not join fragments. */
  readonly blockSize: number;
  /** Largest window: what the receive buffer of a client holds. */
  readonly windowSize: number;
};

/** 1468 = Ethernet's 1500 less the headers of IP, UDP and TFTP. */
export const defaultLimits: TransferLimits = { blockSize: 1468, windowSize: 64 };

/** Blocks as every client since 1981 takes them, one at a time: what is lost on a bad line is little, and no frame is long. */
export const smallLimits: TransferLimits = { blockSize: 512, windowSize: 1 };

/**
 * An option that is unknown, or whose value the RFC does not allow, is left out of the answer.
 * @param size of the file, in bytes
 */
export function negotiate(
  asked: TftpOptions,
  size: number,
  limits: TransferLimits = defaultLimits,
): TransferTerms {
  const granted = new Map<string, string>();
  let terms = { blockSize: 512, windowSize: 1 };
  for (const [name, text] of asked) {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
    const answer = value === undefined ? undefined : grant(name, value, size, limits);
    if (answer === undefined) continue;
    granted.set(name, String(answer));
    terms = { ...terms, ...termOf(name, answer) };
  }
  return { ...terms, granted };
}

function grant(name: string, value: number, size: number, limits: TransferLimits) {
  switch (name) {
    case 'blksize': // RFC 2348: 8 to 65464, the server may answer with less
      return value < 8 ? undefined : Math.min(value, limits.blockSize);
    case 'tsize': // RFC 2349 §3; curl takes a size of 0 for an error, and no answer is always allowed
      return size > 0 ? size : undefined;
    case 'timeout': // RFC 2349 §2: 1 to 255 seconds, and no other value may be answered
      return value < 1 || value > 255 ? undefined : value;
    case 'windowsize': // RFC 7440 §3: 1 to 65535, the server may answer with less
      return value < 1 || value > 65535 ? undefined : Math.min(value, limits.windowSize);
    default:
      return undefined;
  }
}

function termOf(name: string, answer: number): Partial<TransferTerms> {
  if (name === 'blksize') return { blockSize: answer };
  if (name === 'windowsize') return { windowSize: answer };
  if (name === 'timeout') return { timeoutMs: answer * 1000 };
  return {};
}
