// `npm start -- --detach`: the same program in a session of its own, its output shown until the platform is ready.
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlatformPaths } from './paths.ts';
import { readRecord } from './record.ts';

const LOOK_MS = 50;
const MARK = 'WALT_PLATFORM_IS_DETACHED';

/** Whether this process is the one that the program which was typed has started. */
export function isDetached(env: NodeJS.ProcessEnv): boolean {
  return env[MARK] === '1';
}

/** Returns 0 once the platform is ready, or 1 when it has ended before. */
export async function startDetached(
  args: readonly string[],
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(paths.folder, { recursive: true });
  const log = await open(paths.platformLog, 'w+', 0o600);
  const start = join(paths.root, 'lab/platform/start.ts');
  const child = spawn(process.execPath, [start, ...args], {
    cwd: paths.root,
    detached: true,
    env: { ...process.env, [MARK]: '1' },
    stdio: ['ignore', log.fd, log.fd],
  });
  signal.addEventListener('abort', () => child.kill());
  const show = follow(log);
  for (;;) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    const record = await readRecord(paths.folder);
    // One killed by force may have left a record that says it is ready: only our own counts.
    const isReady = record?.isReady === true && record.supervisor.pid === child.pid;
    await show();
    if (hasEnded) return 1;
    if (isReady) break;
    await sleep(LOOK_MS);
  }
  child.unref();
  await log.close();
  return 0;
}

/** Prints what has been added to the file since the last call. */
function follow(log: Awaited<ReturnType<typeof open>>): () => Promise<void> {
  let position = 0;
  return async () => {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(
      Buffer.alloc(size - position),
      0,
      size - position,
      position,
    );
    position += bytesRead;
    process.stdout.write(buffer.subarray(0, bytesRead));
  };
}
