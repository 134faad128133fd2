// Builds what a virtual platform or a test is made of. Each builder finds out itself whether there is anything to do,
// so this costs a few seconds when all is in place.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Builder, platformBuilders } from './builders.ts';
import { inParallel } from './in-parallel.ts';

/** Runs the builders, two at a time, their progress shown; throws when one of them fails or `signal` aborts. */
export async function prepare(
  root: string,
  options: { readonly signal?: AbortSignal; readonly builders?: readonly Builder[] } = {},
): Promise<void> {
  const { signal, builders = platformBuilders } = options;
  await inParallel(builders, { limit: 2, work: (builder) => build(builder, { root, signal }) });
}

async function build(
  builder: Builder,
  { root, signal }: { readonly root: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  signal?.throwIfAborted();
  console.log(`Building: ${builder.join(' ')}`);
  const child = spawn(process.execPath, builder, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // In a process group of its own, it can be ended together with the programs it runs.
    detached: signal !== undefined,
  });
  const end = () => process.kill(-(child.pid ?? 0), 'SIGTERM');
  signal?.addEventListener('abort', end);
  const [status] = await once(child, 'exit');
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  if (status === 0) return;
  throw new Error(`Building failed, see above: ${builder.join(' ')}`);
}
