// The nodes as they are now: asked for once, then kept by what happens.
import { batch, computed, signal } from '@preact/signals';
import { call } from '../../server/client.ts';
import { follow, type LiveEvent } from '../../server/live.ts';
import { notify, sentenceOf } from '../notices.ts';
import { followRename } from '../router.ts';
import { AskedList } from './asked-list.ts';
import { withEvents } from './node-changes.ts';
import type { NodeView } from './node-view.ts';

/** Undefined until the server has answered. */
export const nodes = signal<readonly NodeView[] | undefined>(undefined);
/** Nodes by their names. */
export const byName = computed(() => new Map((nodes.value ?? []).map((node) => [node.name, node])));
const lastCards = new Map<string, string>();
/** Whether events come; undefined until that is known. */
export const isLive = signal<boolean | undefined>(undefined);
/** How many events came; others follow it. */
export const lastEvent = signal<LiveEvent | undefined>(undefined);

/** Events are shown together, so often at most. */
const SHOW_MS = 150;
/** The list is asked for again so often at most, and not before what belongs together has come. */
const ASK_MS = 1500;
const FIRST_ASK_MS = 80;

let waiting: LiveEvent[] = [];
let showing: ReturnType<typeof setTimeout> | undefined;
let asking: ReturnType<typeof setTimeout> | undefined;
let askedAt = 0;
const list = new AskedList();

/** Follows the server. @returns ends it */
export function followNodes(): () => void {
  load();
  const end = follow({
    onEvent: take,
    onGap: load,
    onState: (is) => {
      isLive.value = is;
    },
  });
  return () => {
    end();
    clearTimeout(showing);
    clearTimeout(asking);
    [showing, asking, waiting] = [undefined, undefined, []];
    list.drop();
    nodes.value = undefined;
  };
}

/** Asks for all nodes. */
export async function load(): Promise<void> {
  askedAt = performance.now();
  const question = list.ask();
  try {
    const answer = list.answer(question, (await call('nodes.list')).nodes);
    if (answer !== undefined) nodes.value = answer;
  } catch (reason) {
    list.fail(question);
    notify('bad', sentenceOf(reason));
  }
}

/** Asks for them again soon; many wishes are one. */
export function loadSoon(): void {
  asking ??= setTimeout(
    () => {
      asking = undefined;
      load();
    },
    Math.max(FIRST_ASK_MS, askedAt + ASK_MS - performance.now()),
  );
}

/** By its card a node is the same under another name. Who has no such name any more is who had it last: the list may be newer than the event. */
export function cardOf(name: string): string {
  const card = byName.value.get(name)?.mac ?? lastCards.get(name);
  if (card !== undefined) lastCards.set(name, card);
  return card ?? name;
}

/** A node has got another name; who gave it knows this before the event comes. */
export function renamed(from: string, to: string): void {
  batch(() => {
    nodes.value = nodes.value?.map((node) => (node.name === from ? { ...node, name: to } : node));
    followRename(from, to);
  });
}

function take(event: LiveEvent): void {
  waiting.push(event);
  showing ??= setTimeout(show, SHOW_MS);
}

function show(): void {
  showing = undefined;
  const events = waiting;
  waiting = [];
  const { nodes: next, isWhole } = withEvents(nodes.value ?? [], events);
  batch(() => {
    if (nodes.value !== undefined) nodes.value = next;
    for (const event of events) if (event.kind === 'renamed') followRename(event.from, event.to);
  });
  list.tell(events);
  if (!isWhole) loadSoon();
  for (const event of events) lastEvent.value = event;
}
