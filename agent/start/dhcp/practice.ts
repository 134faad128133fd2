// Machines that do not exist get leases in a network that does not exist, in memory alone. Node compiles well only what has run often:
// without this the first thousand machines of a rack that powers up would wait while it does.
import type { NetworkFacts } from '../../boot/dhcp/dhcp-reply.ts';
import { collectBeside } from '../../host/processes/heap.ts';
import type { DatagramBatches } from '../../net/ffi/datagram-batches.ts';
import { PracticeAnswers } from './practice-answers.ts';
import { practiceParts } from './practice-parts.ts';

/** How much is practised, and when. */
export type PracticeOptions = {
  readonly network: NetworkFacts;
  /** milliseconds until it begins: a server that starts has other things to do */
  readonly afterMs?: number;
  /** a multiple of eight */
  readonly machines?: number;
  /** where the server takes many datagrams with one call */
  readonly batches?: DatagramBatches | undefined;
  /** told of each answer */
  readonly onAnswer?: (bytes: Uint8Array) => void;
};

const AFTER_MS = 2000;
/** Fewer leave the compiler with work for when they come. */
const MACHINES = 1600;
/** So many machines ask together, and then others have so long: real ones do not notice. */
const AT_ONCE = 8;
const PAUSE_MS = 8;
/** One of so many machines that come does not ask for what it is offered. */
const HESITATING = 5 * AT_ONCE;
/** Until some hundred addresses are proved, of which nobody is asked. */
const PROVING_MS = 1000;
/** RFC 5737 §3 and RFC 2544: of no network that exists. */
const NETWORK = '198.18.0.1/15';
const WORLDS = 2;

const nothing = () => undefined;

/** Begins soon, and never harms: what fails ends it. @returns what ends it */
export function startPractice(options: PracticeOptions): () => Promise<void> {
  const ending = Promise.withResolvers<never>();
  // What it leaves behind would be collected while the first rack is answered.
  const done = practise(options, ending.promise)
    .then(() => void collectBeside().catch(nothing))
    .catch(nothing);
  return async () => {
    ending.reject(new Error('the server ends'));
    await done;
  };
}

/** @throws whatever `ending` rejects with, soon after it has */
export async function practise(options: PracticeOptions, ending: Promise<never>): Promise<void> {
  const { afterMs = AFTER_MS, machines = MACHINES, network, batches, onAnswer = nothing } = options;
  const pause = async (ms: number) =>
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms).unref()), ending]);
  await pause(afterMs);
  await using services = new AsyncDisposableStack();
  // Two of each part, so that nothing is compiled for one of them alone: the server has a third.
  const worlds: PracticeAnswers[] = [];
  for (let number = 0; number < WORLDS; number += 1) {
    const place = { network, cidr: NETWORK, isDiskSlow: number % 2 === 1 };
    const parts = await practiceParts(place, services);
    worlds.push(new PracticeAnswers(parts, { batches, number }));
  }
  await pause(PROVING_MS);
  for (let begun = 0; begun < 2 * machines; begun += AT_ONCE) {
    // All of them come again: a machine that is known goes another way.
    const first = begun % machines;
    const world = worlds[(first / AT_ONCE) % WORLDS];
    if (begun % HESITATING === 0) world?.hesitate(machines + 1 + first);
    const some = Array.from({ length: AT_ONCE }, (_, at) => world?.lease(1 + first + at) ?? []);
    for (const said of await Promise.all(some)) said.forEach(onAnswer);
    await pause(PAUSE_MS);
  }
}
