/** Which of the options of a read request are granted, and how: the terms of one transfer (RFC 2347). */
import type { TftpOptions } from './packet.ts';

/** What client and server agreed on for one transfer. */
export type TransferTerms = {
  /** Bytes of every block but the last, which is shorter. */
  readonly blockSize: number;
  /** Blocks sent before an acknowledgement is awaited. */
  readonly windowSize: number;
  /** Milliseconds to wait before a block is sent again, where the client was granted that. */
  readonly timeoutMs?: number;
  /** The same as the client asked for it, granted or not: its own clock, which may be as slow. */
  readonly askedTimeoutMs?: number;
  /** the client takes a block that came twice for two */
  readonly isPatient?: true;
  /** What the client is told was granted; empty where the transfer starts with data at once. */
  readonly granted: TftpOptions;
};

type Draft = { -readonly [Field in keyof Omit<TransferTerms, 'granted'>]: TransferTerms[Field] };

/** The most that the server grants. */
export type TransferLimits = {
  /** Largest block: what one frame carries, since boot ROMs do not join fragments. */
  readonly blockSize: number;
  /** Largest window: what the receive buffer of a client holds. */
  readonly windowSize: number;
  /**
   * Whether a client is granted the seconds that it asks to be given before a block is sent again. U-Boot always asks, for
   * what its own clock has: each lost block would cost that long, and U-Boot, whose clock is over by then, would count it as a failure.
   */
  readonly grantsTimeout?: true;
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
  let terms: Draft = { blockSize: 512, windowSize: 1 };
  for (const [name, text] of asked) {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : undefined;
    if (value === undefined) continue;
    if (name === 'timeout' && isTimeout(value)) terms.askedTimeoutMs = value * 1000;
    const answer = grant(name, value, size, limits);
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
      return limits.grantsTimeout && isTimeout(value) ? value : undefined;
    case 'windowsize': // RFC 7440 §3: 1 to 65535, the server may answer with less
      return value < 1 || value > 65535 ? undefined : Math.min(value, limits.windowSize);
    default:
      return undefined;
  }
}

const isTimeout = (seconds: number): boolean => seconds >= 1 && seconds <= 255;

function termOf(name: string, answer: number): Partial<TransferTerms> {
  if (name === 'blksize') return { blockSize: answer };
  if (name === 'windowsize') return { windowSize: answer };
  if (name === 'timeout') return { timeoutMs: answer * 1000 };
  return {};
}
