// How much garbage the engine lets lie before it collects.
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { measureMemory } from 'node:vm';

/** Percent of what is alive. */
const GARBAGE = 100;
/**
 * Bytes of half of the young generation, in which objects are made; it is collected when so much has been. V8 doubles it up to 64 MiB where much
 * outlives that, and marks the whole heap as soon as there is less room than twice as much: all the time, then.
 */
const YOUNG = 32 * 2 ** 20;
/** V8 counts a little less. */
const NEARLY = 0.9;

/**
 * Lets the heap double between two collections, and the young generation grow to 32 MiB. By itself V8 sizes both by the memory of the machine: under
 * a storm of abuse (`test/qemu/storm.test.ts`) a server with 40 MB alive took 450 MB.
 *
 * To be called once the server has started: by then it would collect three times what it goes on to use.
 */
export function collectSoon(): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE}`);
  boundYoung();
  new PerformanceObserver(boundYoung).observe({ entryTypes: ['gc'] });
}

/** V8 asks how far it grows after each collection, and makes it smaller by itself where little is made. */
function boundYoung(): void {
  setFlagsFromString(`--semi-space-growth-factor=${youngBytes() < YOUNG * NEARLY ? 2 : 1}`);
}

/** Bytes of half of the young generation. */
export function youngBytes(): number {
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  return young === undefined ? 0 : young.space_used_size + young.space_available_size;
}

/**
 * Collects all garbage soon, beside what else is done: V8's threads look for it, and the server stands still for some 12 ms. With `gc()` it would for 45 to 75.
 * For a moment in which there is a lot of it. Resolves when that is over; a program that ends does not wait for it.
 */
export async function collectBeside(): Promise<void> {
  const { emitWarning } = process;
  // To count what is alive V8 has to mark it; Node says at the first call that this may change.
  process.emitWarning = () => undefined;
  const collected = measureMemory({ mode: 'summary', execution: 'eager' });
  process.emitWarning = emitWarning;
  await collected;
}
