// How far a boot has come, told from what the server sees: DHCP, files, NFS mount, booted, down.
// A pure state machine; times are microseconds since 1970.
import { isIpxe } from './pxe/pxe-tree.ts';
import type { Speaker } from './request.ts';
import { isWarmStart, readStartRequest } from './start-request.ts';

/**
 * The furthest point that a boot has reached: it asked for an address (`dhcp`), read a file (`files`), mounted its root over
 * NFS (`mounted`), said that it is up (`booted`). `down`: the node has stopped, and no new boot has begun.
 * `unconfirmed`: it was booted when the server stopped, and has not said since that it still is. It is neither up nor down
 * until it does, or until it has been silent for too long.
 */
export type BootState = 'dhcp' | 'files' | 'mounted' | 'booted' | 'unconfirmed' | 'down';

/**
 * Something that the server noticed of a node. `bytes`, `ms` and `retries` are of one transfer of a file: its size, how long it
 * took, and how many packets were sent again.
 */
export type BootSignal =
  | {
      readonly kind: 'dhcp';
      readonly speaker: Speaker;
      readonly message: string;
      /** an iPXE says it, be it the card's ROM or one that was fetched */
      readonly isIpxe?: boolean;
    }
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

/** One boot of a node, from its first question until it is down. */
export type Boot = {
  readonly started: number;
  readonly state: BootState;
  /** when the last signal came */
  readonly heardAt: number;
  readonly speaker: Speaker;
  /** its loader has asked for the address that it was offered: what it does next is to fetch a file */
  readonly hasAddress?: boolean;
  /** its first DISCOVER came from an iPXE: the ROM of the card */
  readonly isOfIpxe?: boolean;
  /** GRUB has asked what to start */
  readonly hasAsked?: boolean;
  /** and then got a file of what it starts */
  readonly hasLoaded?: boolean;
  /** it began with a system that was to go on by kexec */
  readonly isWarm?: boolean;
  /** it has just got an iPXE, which will ask for an address by itself */
  readonly isChaining?: boolean;
  /** when the node said that it reboots, on our demand */
  readonly rebootAt?: number;
};

const SECOND_US = 1_000_000;
/**
 * A client that has an address and asks for one again later than this did not go on: it was reset, or lost power.
 * Earlier it may have lost the ACK.
 */
const LOST_ACK_US = 3 * SECOND_US;
/** The longest that a client waits between two DISCOVERs of one try (PXE 2.1 §2.2.4: 4, 8, 16 and 32 s). */
const LONGEST_RETRY_US = 40 * SECOND_US;
/**
 * A program that was fetched starts the card anew, and asks for an address when the link is up: a switch with spanning
 * tree keeps it waiting for 30 s (IEEE 802.1D: twice the forward delay).
 */
const CHAIN_US = 60 * SECOND_US;
/** The same where the card's ROM is an iPXE as well: from a later DISCOVER nobody can tell which of the two asks. */
const LIKE_CHAIN_US = 15 * SECOND_US;

/** A loader says something every few seconds, and a system is up minutes after its root was mounted. */
const STALLED_US = 600 * SECOND_US;

/** A node that reboots is down within so many microseconds; what still speaks until then is its last gasp. */
const REBOOT_US = 10 * SECOND_US;

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

type DhcpSignal = BootSignal & { readonly kind: 'dhcp' };

/** Next state of a node's boot; undefined where the signal starts none and there is none. */
export function advanceBoot(
  boot: Boot | undefined,
  signal: BootSignal,
  at: number,
): Progress | undefined {
  if (signal.kind === 'dhcp' && startsBoot(boot, signal, at)) {
    return {
      boot: {
        ...{ started: at, state: 'dhcp', heardAt: at, speaker: signal.speaker },
        isOfIpxe: signal.isIpxe === true,
      },
      isNew: true,
      isStage: true,
      ...(isRunning(boot) ? { endedBefore: 'its boot loader asks for an address again' } : {}),
    };
  }
  if (beginsByFile(boot, signal, at)) {
    return {
      boot: {
        ...{ started: at, state: 'files', heardAt: at, speaker: 'walt-loader' },
        ...{ hasAsked: true, isWarm: asksByKexec(signal) },
      },
      isNew: true,
      isStage: true,
      ...(isRunning(boot) ? { endedBefore: 'its boot loader asks what to start' } : {}),
    };
  }
  if (boot === undefined) return signal.kind === 'booted' ? bootedUnseen(at) : undefined;
  if (isLeftBehind(boot, signal, at)) return { boot, isNew: false, isStage: false };
  const state = nextState(boot.state, signal);
  const speaker = signal.kind === 'dhcp' ? signal.speaker : boot.speaker;
  const asked = signal.kind === 'down' && signal.method === 'soft' ? { rebootAt: at } : {};
  const next = {
    ...{ ...boot, state, speaker, heardAt: at, ...asked },
    hasAddress: hasAddress(boot, signal),
    isChaining: isChaining(boot, signal),
    hasLoaded: boot.hasLoaded === true || loadsForGrub(boot, signal),
    hasAsked: boot.hasAsked === true || asksWhatToStart(signal),
  };
  return { boot: next, isNew: false, isStage: isStage(boot, signal) };
}

/**
 * What a boot by GRUB, or by kexec, has done that an earlier run of the server saw.
 * @param signals its stages, oldest first
 */
export function doneSoFar(
  signals: readonly BootSignal[],
): Pick<Boot, 'hasAsked' | 'hasLoaded' | 'isWarm'> {
  const [first] = signals;
  const asked = signals.findIndex(asksWhatToStart);
  const hasAsked = asked !== -1;
  const hasLoaded = signals.slice(asked).some((signal) => loadsForGrub({ hasAsked }, signal));
  return { hasAsked, hasLoaded, isWarm: first !== undefined && asksByKexec(first) };
}

/** A node says that it is up whose boot nobody saw, or wrote down. */
function bootedUnseen(at: number): Progress {
  const boot: Boot = { started: at, state: 'booted', heardAt: at, speaker: 'system' };
  return { boot, isNew: true, isStage: true };
}

/**
 * A boot loader's DISCOVER begins a boot, unless it is a repeat, or a program says it that the one before it has
 * fetched. Where a boot stood still for longer than either takes, the machine has begun anew.
 */
function startsBoot(boot: Boot | undefined, signal: DhcpSignal, at: number): boolean {
  if (signal.message !== 'discover' || signal.speaker === 'system') return false;
  if (boot === undefined) return true;
  const silence = at - boot.heardAt;
  if (boot.state === 'dhcp') {
    return silence > (boot.hasAddress === true ? LOST_ACK_US : LONGEST_RETRY_US);
  }
  const longest = boot.isOfIpxe === true && signal.speaker === 'pxe' ? LIKE_CHAIN_US : CHAIN_US;
  return !(boot.state === 'files' && isOfFetchedProgram(boot, signal) && silence <= longest);
}

function isOfFetchedProgram(boot: Boot, { speaker, isIpxe = false }: DhcpSignal): boolean {
  if (boot.isChaining === true && (isIpxe || speaker === 'walt-loader')) return true;
  const isFirmware = boot.speaker === 'pxe' || boot.speaker === 'raspberry-pi';
  return isFirmware && speaker === 'walt-loader';
}

function hasAddress(boot: Boot, signal: BootSignal): boolean {
  if (signal.kind !== 'dhcp') return boot.hasAddress ?? false;
  return signal.message === 'request';
}

/** From the end of an iPXE's transfer to the REQUEST that ends its first exchange: it repeats its DISCOVER until then. */
function isChaining(boot: Boot, signal: BootSignal): boolean {
  if (signal.kind === 'file') return signal.outcome === 'complete' && isIpxe(signal.path);
  return boot.isChaining === true && signal.kind === 'dhcp' && signal.message === 'discover';
}

/**
 * GRUB's DHCP looks like that of a system: the first sign of its boot is the question what to start. It repeats that
 * question until it is given something to load.
 */
function beginsByFile(boot: Boot | undefined, signal: BootSignal, at: number): boolean {
  if (!asksWhatToStart(signal)) return false;
  // Anybody can ask by TFTP in the name of another address; only who has the address gets all of the answer.
  if (isRunning(boot)) return signal.kind === 'file' && signal.outcome === 'complete';
  if (boot === undefined || boot.state === 'down') return true;
  // What that system was given was not to be started: its machine is back at a loader.
  if (boot.isWarm === true && !asksByKexec(signal)) return true;
  return boot.hasLoaded === true || (boot.hasAsked === true && at - boot.heardAt > STALLED_US);
}

/** A transfer may be told a little later than it ended; a machine needs longer to begin anew. */
const SLACK_US = 500_000;

/** A machine that lost its power leaves transfers behind, whose end is noticed when its next boot has begun: it says nothing of that. */
function isLeftBehind({ started }: Boot, signal: BootSignal, at: number): boolean {
  if (signal.kind !== 'file' || signal.outcome === 'complete') return false;
  return at - signal.ms * 1000 < started - SLACK_US;
}

function asksWhatToStart(signal: BootSignal): boolean {
  if (signal.kind !== 'file') return false;
  return readStartRequest(signal.path.replace(/^\/+/, '')) !== undefined;
}

function asksByKexec(signal: BootSignal): boolean {
  return signal.kind === 'file' && isWarmStart(signal.path);
}

function loadsForGrub({ hasAsked }: Pick<Boot, 'hasAsked'>, signal: BootSignal): boolean {
  return hasAsked === true && signal.kind === 'file' && !asksWhatToStart(signal);
}

function isRunning(boot: Boot | undefined): boolean {
  return ['booted', 'unconfirmed', 'mounted'].includes(boot?.state ?? '');
}

function nextState(state: BootState, signal: BootSignal): BootState {
  switch (signal.kind) {
    case 'dhcp':
      return state;
    case 'file':
      return state === 'dhcp' ? 'files' : state;
    case 'mounted':
      return state === 'dhcp' || state === 'files' ? 'mounted' : state;
    case 'booted':
      return 'booted';
    case 'down':
      // Its power was cut, whatever it was doing.
      if (signal.method === 'hard') return 'down';
      if (signal.method === 'soft' && state === 'mounted') return 'down';
      // The end of a connection that a cut-off boot left behind says nothing of the boot that runs now.
      return state === 'booted' || state === 'unconfirmed' ? 'down' : state;
  }
}

/** Leases renewed by a running system, and repeats of what is known, are no stage. Nor is it that a node is still up. */
function isStage(boot: Boot, signal: BootSignal): boolean {
  if (signal.kind === 'dhcp') return boot.state === 'dhcp' || boot.state === 'files';
  if (signal.kind === 'file') return true;
  if (signal.kind === 'booted' && boot.state === 'unconfirmed') return false;
  return nextState(boot.state, signal) !== boot.state;
}

/** What can be said of a boot at a moment: one of which nothing was heard for ten minutes does not go on. */
export function stateAt(boot: Boot, at: number): BootState | 'stalled' {
  const isOnItsWay = ['dhcp', 'files', 'mounted'].includes(boot.state);
  return isOnItsWay && at - boot.heardAt > STALLED_US ? 'stalled' : boot.state;
}

/** A boot with its times as a clock has them that was set by so many microseconds. When it began stays as it was said. */
export function shifted(boot: Boot, by: number): Boot {
  const { rebootAt } = boot;
  const asked = rebootAt === undefined ? {} : { rebootAt: rebootAt + by };
  return { ...boot, heardAt: boot.heardAt + by, ...asked };
}
