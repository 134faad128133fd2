// What happens on the server, as it happens: its events, by server-sent events.
import type { EventOf, ServerEvent } from '../../agent/events/event.ts';

/** Kinds of events that the page follows. */
const FOLLOWED = [
  ...(['device-changed', 'new-device', 'new-node', 'renamed', 'forgotten'] as const),
  ...(['boot', 'boots-fail', 'healing', 'image-chosen', 'local-start-chosen'] as const),
  ...(['configured', 'power-saved', 'machine-said', 'placed'] as const),
  ...(['image-ready', 'image-step', 'image-failed'] as const),
] satisfies ServerEvent['kind'][];
/** One of `FOLLOWED`. */
export type Followed = (typeof FOLLOWED)[number];

/** An event as it comes: when it happened, and the device that it is about in fields of its own. */
export type LiveEvent<Kind extends Followed = Followed> = Kind extends Followed
  ? Omit<EventOf<Kind>, 'device' | 'node' | 'before' | 'after'> & {
      readonly time: string;
      readonly name?: string;
      readonly mac?: string;
    }
  : never;

/** Whoever follows. */
export type Follower = {
  readonly onEvent: (event: LiveEvent) => void;
  /** Something may have happened that nobody was told: what is known has to be asked for again. */
  readonly onGap: () => void;
  readonly onState: (isLive: boolean) => void;
};

const AGAIN_MS = 3000;

/** Follows until it is told to end. The browser connects again by itself, and goes on behind the last event that it has. */
export function follow({ onEvent, onGap, onState }: Follower): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`/api/v1/events?types=${FOLLOWED.join(',')}`);
    source.addEventListener('open', () => {
      onState(true);
      // Also the first time: what was asked for before knows nothing of what happened since.
      onGap();
    });
    for (const kind of FOLLOWED) {
      source.addEventListener(kind, ({ data }) => onEvent({ ...JSON.parse(data), kind }));
    }
    source.addEventListener('missed', onGap);
    source.addEventListener('error', () => {
      onState(false);
      // A browser gives up where the answer was no stream of events.
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
