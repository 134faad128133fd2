// How far a node is, in words.
import type { NodeView } from '../../api/calls/nodes.ts';

type Told = Pick<NodeView, 'booted' | 'state'>;

const STATES: Readonly<Record<NodeView['state'], string>> = {
  'never-booted': 'never booted',
  dhcp: 'asking for an address',
  files: 'loading files',
  stalled: 'stalled (its boot loader has said nothing for ten minutes)',
  mounted: 'starting its system',
  booted: 'booted',
  unconfirmed:
    'unconfirmed (it was booted before the server restarted, and has not said yet that it still is)',
  down: 'down',
};

/** For a column: of a node that is to confirm that it is booted, neither is known. */
export function bootedText({ booted, state }: Told): 'yes' | 'NO' | '?' {
  if (state === 'unconfirmed') return '?';
  return booted ? 'yes' : 'NO';
}

/** For a sentence that says what is so now. */
export function stateText({ state }: Told): string {
  return STATES[state];
}
