/**
 * Any sequence of events into the transfer's state machine: what it asks to be sent lies inside the file and the
 * window, it never goes back, and it ends.
 */
import { negotiate } from '../../agent/protocol/tftp/options.ts';
import {
  advanceTransfer,
  nextTick,
  startTransfer,
  type TransferEvent,
  type TransferStep,
} from '../../agent/protocol/tftp/transfer.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import type { FuzzTarget } from './target.ts';

type Random = () => number;

/** One of `rounds` is one event. */
export const fuzzTransfers: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const ends: Record<string, number> = {};
  let events = 0;
  while (events < rounds) {
    const { count, outcome } = runTransfer(random);
    events += count;
    ends[outcome] = (ends[outcome] ?? 0) + 1;
    alive(events);
  }
  return { events, ...ends };
};

function runTransfer(random: Random): { count: number; outcome: string } {
  const size = Math.floor(random() ** 3 * 40_000_000);
  const asked = new Map([
    ['blksize', String(Math.floor(random() * 2000))],
    ['windowsize', String(Math.floor(random() * 80))],
    ['timeout', String(Math.floor(random() * 300))],
  ]);
  for (const name of [...asked.keys()]) if (random() < 0.3) asked.delete(name);
  // How often the client says what a good client says; the others say anything.
  const manners = random();
  let now = 0;
  let step = startTransfer(negotiate(asked, size), size, now);
  check(undefined, step);
  for (let count = 1; ; count++) {
    now += random() < 0.1 ? random() * 5000 : random();
    const event = nextEvent(step, { now, manners, random });
    const next = advanceTransfer(step.transfer, event);
    check(step, next);
    if (next.outcome) return { count, outcome: next.outcome.kind };
    if (count > 400_000) throw new Error(`A transfer of ${size} bytes does not end`);
    step = next;
  }
}

type Chance = { readonly now: number; readonly manners: number; readonly random: Random };

function nextEvent({ transfer }: TransferStep, { now, manners, random }: Chance): TransferEvent {
  if (random() < 0.0005) return { kind: 'error', code: Math.floor(random() * 70_000), message: '' };
  if (random() < 0.02) return { kind: 'tick', now: nextTick(transfer) + random() * 100 };
  if (random() < manners) return { kind: 'ack', block: transfer.sent & 0xffff, now };
  const near = (transfer.sent + Math.floor(random() * 40) - 20) & 0xffff;
  return { kind: 'ack', block: random() < 0.5 ? near : Math.floor(random() * 65_536), now };
}

/** What is sent lies in the window behind what is acknowledged, and leaves out only what was sent before. */
function check(before: TransferStep | undefined, { transfer, send }: TransferStep): void {
  const { acknowledged, sent, lastBlock, terms } = transfer;
  const sentBefore = before?.transfer.sent ?? acknowledged;
  const isSound =
    acknowledged <= sent &&
    sent <= lastBlock &&
    acknowledged >= (before?.transfer.acknowledged ?? -1) &&
    Number.isFinite(nextTick(transfer)) &&
    (!send ||
      (send.from > acknowledged &&
        send.from <= sentBefore + 1 &&
        send.from <= send.to &&
        send.to <= Math.min(lastBlock, acknowledged + terms.windowSize)));
  if (!isSound) throw new Error(`Unsound: ${JSON.stringify({ transfer, send })}`);
}
