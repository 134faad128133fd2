// Where a boot stopped, told from what the network showed of it; in words that say what to look at. Nobody sees the screen.
import type { BootState } from '../boot/progress.ts';
import { oneLine } from '../host/text/shown-text.ts';
import type { StoredStage } from '../store/records/boots.ts';

/** Kinds of faults, in the order of a boot. */
const FAULT_KINDS = [
  'no-start',
  'no-address',
  'no-file',
  'broken-transfer',
  'no-mount',
  'no-boot',
  'silent',
] as const;
/** One of `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Why a boot does not go on, for a person. */
export type Fault = {
  readonly kind: FaultKind;
  /** a part of a sentence: what was seen last, and what did not come */
  readonly text: string;
  /** a part of a sentence that says what to look at */
  readonly advice: string;
};

/** A boot as far as it came. */
export type Halted = { readonly state: BootState; readonly stages: readonly StoredStage[] };

const ADVICE: Readonly<Record<FaultKind, string>> = {
  'no-start':
    'its power supply, its cable, and whether its firmware boots from the network or the medium',
  'no-address': 'its cable and switch port, and whether another DHCP server answers (walt doctor)',
  'no-file': 'its boot loader or medium, and walt log show --platform for files that were refused',
  'broken-transfer': 'its cable and switch port (walt node show NAME counts packets sent again)',
  'no-mount':
    'whether kernel and initrd of its image are whole and know its network card; walt doctor for NFS',
  'no-boot': 'what its system does when it starts (its console, and sshd in its image)',
  silent: 'its power supply and its cable, and its last lines in walt log show',
};

/** What stopped a boot that is to go on no more; of one that came up and spoke its farewell there is none. */
export function faultOf(boot: Halted): Fault | undefined {
  const told = kindOf(boot);
  return told && { ...told, advice: ADVICE[told.kind] };
}

/** What stopped a boot that is over and never came up: where it was when it was cut off. */
export function endedFaultOf({ stages }: Pick<Halted, 'stages'>): Fault | undefined {
  const has = (kind: StoredStage['stage']) => stages.some(({ stage }) => stage === kind);
  if (has('booted')) return undefined;
  const state = has('mounted') ? 'mounted' : has('file') ? 'files' : 'dhcp';
  return faultOf({ state, stages });
}

function kindOf({ state, stages }: Halted): Pick<Fault, 'kind' | 'text'> | undefined {
  switch (state) {
    case 'dhcp':
      return ofAddress(stages);
    case 'files':
      return ofFiles(stages);
    case 'mounted':
      return {
        kind: 'no-boot',
        text: 'it mounted its root file system and never said that it is up',
      };
    case 'down':
      return ofEnd(stages);
    case 'booted':
    case 'unconfirmed':
      return undefined;
  }
}

function ofAddress(stages: readonly StoredStage[]): Pick<Fault, 'kind' | 'text'> {
  const hasAddress = stages.some(
    ({ stage, detail }) => stage === 'dhcp' && detail.message === 'request',
  );
  if (hasAddress) return { kind: 'no-file', text: 'it got an address and no file' };
  return {
    kind: 'no-address',
    text: 'it asked for an address and did not take the one that it was offered',
  };
}

function ofFiles(stages: readonly StoredStage[]): Pick<Fault, 'kind' | 'text'> {
  const last = stages.findLast(({ stage }) => stage === 'file')?.detail ?? {};
  const { path = 'a file', via = '', outcome = 'complete' } = last;
  const file = oneLine(`${path}${via === '' ? '' : ` by ${via}`}`);
  // Nothing was sent: its cable is well.
  if (outcome === 'refused') return { kind: 'no-file', text: `it was refused ${file}` };
  if (outcome !== 'complete') {
    return {
      kind: 'broken-transfer',
      text: oneLine(`the transfer of ${file} broke off (${outcome})`),
    };
  }
  return { kind: 'no-mount', text: `it loaded ${file} last and mounted no root file system` };
}

/** Whoever was told to go down comes back by itself; a system that was up and says nothing has crashed or lost its power. */
function ofEnd(stages: readonly StoredStage[]): Pick<Fault, 'kind' | 'text'> {
  const { cause = '', method } = stages.findLast(({ stage }) => stage === 'down')?.detail ?? {};
  if (method === 'soft' || method === 'hard') {
    return { kind: 'no-start', text: oneLine(`it went down (${cause}) and did not begin to boot`) };
  }
  return {
    kind: 'silent',
    text: 'it was up, went silent without a word, and nothing was heard of it since',
  };
}
