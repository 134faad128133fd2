// Runs a program of this folder in a network namespace of its own: taps and bridges of virtual machines are made where the
// program runs. It prints what it saw, as JSON.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { createNamespace } from '../namespace.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const NODE = join(import.meta.dirname, '../../../node_modules/.bin/node');

/**
 * @param program name of a file here; its argument is a folder that goes with the test
 * @returns what it printed
 */
export async function seenInNamespace(t: ExecutionContext, program: string): Promise<unknown> {
  const namespace = await createNamespace(`walt-test-${program}-${process.pid}`);
  t.teardown(() => namespace.remove());
  const file = join(import.meta.dirname, `${program}.ts`);
  // Into its network alone, as a server with a virtual walt-net: the files in /sys stay those of this machine.
  const enter = ['nsenter', `--net=/run/netns/${namespace.name}`];
  const argv = [...enter, NODE, file, await temporaryFolder(t)];
  const { stdout } = await succeed(argv, { seconds: 100 });
  return JSON.parse(stdout.toString());
}
