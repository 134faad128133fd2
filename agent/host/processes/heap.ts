// How much garbage the engine lets lie before it collects.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Percent of what is alive. */
const GARBAGE = 30;

/**
 * Lets the heap grow by a third of what is alive between two collections. By itself V8 sizes it by the memory of the machine: under
 * a storm of abuse (`test/qemu/storm.test.ts`) a server with 40 MB alive took 450 MB, and less than 330 MB so.
 *
 * To be called once the server has started: by then it would collect three times what it goes on to use.
 */
export function collectSoon(): void {
  setFlagsFromString(`--heap-growing-percent=${GARBAGE}`);
}

/** Collects all garbage in one go, which takes some 40 ms: for a moment in which there is a lot of it, and nothing else to do. */
export function collectNow(): void {
  // Node has no other way to it for a program that was started without this flag; new contexts have the function.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}
