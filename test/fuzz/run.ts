/**
 * Runs one fuzz target to its end: `node --expose-gc test/fuzz/run.ts TARGET ROUNDS SEED`. Ends with 1 where it finds a
 * fault, where memory has grown, or where nothing moves for a minute.
 */
import { targets } from './targets.ts';

const [name = '', rounds = '0', seed = '0'] = process.argv.slice(2);
const target = targets[name];
if (!target)
  throw new TypeError(`Cannot fuzz ${name}: known are ${Object.keys(targets).join(', ')}`);

const silentMs = 60_000;
/** What caches and compiled code may take; a leak of one packet a round would be far more. */
const growthBytes = 24 * 1024 * 1024;

const hung = setTimeout(() => {
  throw new Error(`${name}: nothing has moved for ${silentMs} ms`);
}, silentMs);

// Compiles and fills what is filled once, so that the first figure is that of a program at work.
await target({
  rounds: Math.min(Number(rounds), 2000),
  seed: Number(seed) + 1,
  alive: () => undefined,
});
const before = heapUsed();
const seen = await target({
  rounds: Number(rounds),
  seed: Number(seed),
  alive: () => hung.refresh(),
});
clearTimeout(hung);
const grown = heapUsed() - before;
console.log(
  JSON.stringify({ target: name, seed: Number(seed), ...seen, heapGrewKiB: grown >> 10 }),
);
if (grown > growthBytes) throw new Error(`${name}: memory grew by ${grown} bytes`);

function heapUsed(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
