// How far a node is, in words.
import type { NodeView } from '../../api/calls/views/node-view.ts';

type Told = Pick<NodeView, 'booted' | 'state' | 'bootsLocal'>;

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
  asleep: 'switched off to save power (it is woken when somebody wants it)',
  local: 'in the system of its own disk, as far as is known',
};

/**
 * For a column: of a node that is to confirm that it is booted, neither is known, nor of one that starts from its own
 * disk.
 */
export function bootedText({
  booted,
  state,
  bootsLocal,
}: Told): 'yes' | 'NO' | '?' | 'local' | 'no (powersave)' {
  if (state === 'asleep') return 'no (powersave)';
  if (state === 'unconfirmed') return '?';
  if (booted) return 'yes';
  return bootsLocal ? 'local' : 'NO';
}

/** For a sentence that says what is so now. */
export function stateText({ state }: Pick<Told, 'state'>): string {
  return STATES[state];
}
