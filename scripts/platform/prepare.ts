// Builds what a virtual platform is made of: the medium, the default image, the server. Each builder finds out
// itself whether there is anything to do, so this costs a few seconds when all is in place.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PlatformError } from './platform-error.ts';

const BUILDERS = [
  ['scripts/media.ts', 'pc'],
  ['scripts/images.ts', 'pc-x86-64'],
  ['scripts/bundle.ts'],
] as const;

/** Runs the builders, their progress shown; throws when one of them fails or `signal` aborts. */
export async function prepare(root: string, signal?: AbortSignal): Promise<void> {
  for (const builder of BUILDERS) {
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
    if (status !== 0) {
      throw new PlatformError(`Building failed: ${builder.join(' ')}`, {
        remedy: 'What it said is above; when that is mended, run this again.',
      });
    }
  }
}
