// How far a boot has come, told from what the server sees: DHCP, files, NFS mount, booted, down.
// A pure state machine; times are microseconds since 1970.
import { isIpxe } from './pxe/pxe-tree.ts';
import type { Speaker } from './request.ts';
import { readStartRequest } from './start-request.ts';

/**
 * The furthest point that a boot has reached: it asked for an address (`dhcp`), read a file (`files`), mounted its root over
 * NFS (`mounted`), said that it is up (`booted`). `down`: the node has stopped, and no new boot has begun.
 */
export type BootState = 'dhcp' | 'files' | 'mounted' | 'booted' | 'down';

/**
 * Something that the server noticed of a node. `bytes`, `ms` and `retries` are of one transfer of a file: its size, how long it
 * took, and how many packets were sent again.
 */
export type BootSignal =
  | { readonly kind: 'dhcp'; readonly speaker: Speaker; readonly message: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly via: 'tftp' | 'http';
      readonly bytes: number;
      readonly ms: number;
      readonly retries: number;
      readonly outcome: string;
    }
  | { readonly kind: 'mounted' }
  | { readonly kind: 'booted' }
  | { readonly kind: 'down'; readonly cause: string; readonly method: string };

/** A signal that told something new about a boot, and when it came: microseconds since 1970. */
export type Stage = BootSignal & { readonly at: number };

/** One boot of a node, from its first question until it is down. */
export type Boot = {
  readonly started: number;
  readonly state: BootState;
  readonly speaker: Speaker;
  /** it has just got an iPXE, which will ask for an address by itself */
  readonly isChaining?: boolean;
  /** when the node said that it reboots, on our demand */
  readonly rebootAt?: number;
};

/** A node that reboots is down within so many microseconds; what still speaks until then is its last gasp. */
const REBOOT_US = 10_000_000;

/** Is the node on its way down, so that what it says is of a boot that ends? */
export function isRebooting(boot: Boot, at: number): boolean {
  return boot.state === 'down' && boot.rebootAt !== undefined && at - boot.rebootAt < REBOOT_US;
}

/** What one signal has changed. */
export type Progress = {
  readonly boot: Boot;
  /** a new boot begins with this signal */
  readonly isNew: boolean;
  /** the node went down, told by `cause`, before the signal: its previous boot ended unannounced */
  readonly endedBefore?: string;
  /** false where the signal says nothing new of the boot */
  readonly isStage: boolean;
};

/** Next state of a node's boot; undefined where the signal starts none and there is none. */
export function advanceBoot(
  boot: Boot | undefined,
  signal: BootSignal,
  at: number,
): Progress | undefined {
  if (signal.kind === 'dhcp' && startsBoot(boot, signal)) {
    return {
      boot: { started: at, state: 'dhcp', speaker: signal.speaker },
      isNew: true,
      isStage: true,
      ...(isRunning(boot) ? { endedBefore: 'its boot loader asks for an address again' } : {}),
    };
  }
  if (signal.kind === 'file' && beginsByFile(boot, signal.path)) {
    return {
      boot: { started: at, state: 'files', speaker: 'walt-loader' },
      isNew: true,
      isStage: true,
      ...(isRunning(boot) ? { endedBefore: 'its boot loader asks what to start' } : {}),
    };
  }
  if (boot === undefined) return undefined;
  const state = nextState(boot.state, signal);
  const speaker = signal.kind === 'dhcp' ? signal.speaker : boot.speaker;
  const asked = signal.kind === 'down' && signal.method === 'soft' ? { rebootAt: at } : {};
  const next = { ...boot, state, speaker, isChaining: isChaining(boot, signal), ...asked };
  return { boot: next, isNew: false, isStage: isStage(boot, signal) };
}

/** A boot loader's DISCOVER begins a boot, except that of a program which the one before it has fetched. */
function startsBoot(boot: Boot | undefined, signal: BootSignal & { kind: 'dhcp' }): boolean {
  if (signal.message !== 'discover' || signal.speaker === 'system') return false;
  if (boot === undefined) return true;
  if (boot.state === 'dhcp') return false;
  const isFirmware = boot.speaker === 'pxe' || boot.speaker === 'raspberry-pi';
  const isChained = boot.isChaining === true || (isFirmware && signal.speaker === 'walt-loader');
  return !(isChained && boot.state === 'files');
}

/** From the end of an iPXE's transfer to the REQUEST that ends its first exchange: it repeats its DISCOVER until then. */
function isChaining(boot: Boot, signal: BootSignal): boolean {
  if (signal.kind === 'file') return signal.outcome === 'complete' && isIpxe(signal.path);
  return boot.isChaining === true && signal.kind === 'dhcp' && signal.message === 'discover';
}

/** GRUB's DHCP looks like that of a system: the first sign of its boot is the question what to start. */
function beginsByFile(boot: Boot | undefined, path: string): boolean {
  if (readStartRequest(path.replace(/^\/+/, '')) === undefined) return false;
  return boot === undefined || boot.state === 'down' || isRunning(boot);
}

function isRunning(boot: Boot | undefined): boolean {
  return boot?.state === 'booted' || boot?.state === 'mounted';
}

function nextState(state: BootState, signal: BootSignal): BootState {
  switch (signal.kind) {
    case 'dhcp':
      return state;
    case 'file':
      return state === 'dhcp' ? 'files' : state;
    case 'mounted':
      return state === 'booted' || state === 'down' ? state : 'mounted';
    case 'booted':
      return 'booted';
    case 'down':
      // The end of a connection that a cut-off boot left behind says nothing of the boot that runs now.
      return state === 'booted' ? 'down' : state;
  }
}

/** Leases renewed by a running system, and repeats of what is known, are no stage. */
function isStage(boot: Boot, signal: BootSignal): boolean {
  if (signal.kind === 'dhcp') return boot.state === 'dhcp' || boot.state === 'files';
  if (signal.kind === 'file') return true;
  return nextState(boot.state, signal) !== boot.state;
}
