// What a bench of boots sees of a machine from its network: when sshd lets somebody in, and how much the server has sent.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../lab/lab.ts';
import { $ } from '../../scripts/run.ts';

/** Address of the one machine of the bench. */
export const IP = '192.168.152.2';
/** Seconds that a boot may take. */
export const BOUND_SECONDS = 900;

/** A watcher on the namespace's side: connects again and again until sshd shows its banner. */
export async function waitForSsh(lab: Lab): Promise<void> {
  const script = `for i in $(seq ${BOUND_SECONDS * 5}); do
    timeout 1 busybox nc ${IP} 22 </dev/null 2>/dev/null | head -c 4 | grep -q SSH- && exit 0; sleep 0.2; done; exit 1`;
  const [file = '', ...args] = lab.namespace.command(['sh', '-c', script]);
  const [code] = await once(spawn(file, args, { stdio: 'ignore' }), 'close');
  if (code !== 0) throw new Error(`${IP} did not answer within ${BOUND_SECONDS} s`);
}

/** Bytes that went to the machine that is on. */
export async function bytesSent(lab: Lab): Promise<number> {
  const text = (await $`ip -n ${lab.namespace.name} -s -j link show type tun`).stdout;
  const [tap] = JSON.parse(text) as { stats64: { tx: { bytes: number } } }[];
  return tap?.stats64.tx.bytes ?? 0;
}

/** Root file system of the one image, as the server sees it: what it mounts is in mounts of its own. */
export async function imageRoot(lab: Lab): Promise<string> {
  const folder = join(`/proc/${lab.serverPid()}/root`, lab.folder, 'state/images');
  const [digest = ''] = await readdir(folder);
  return join(folder, digest, 'fs');
}
