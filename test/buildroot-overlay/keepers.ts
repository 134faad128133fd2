// Runs the node's scripts under the real busybox, as they run on a node: all commands are busybox's own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

export const OVERLAY_BIN = join(import.meta.dirname, '../../buildroot-overlay/bin');

export type NodeSide = {
  readonly folder: string;
  /** Starts a script, in front of it the words of a namespace's command if any. */
  start(
    script: string,
    options?: {
      readonly env?: Readonly<Record<string, string>>;
      readonly command?: (argv: readonly string[]) => string[];
    },
  ): ChildProcess;
  /** A file of the folder, with what a program of the test wrote into it. */
  script(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
};

/** `cmdline` is what the kernel would have been given. */
export async function createNodeSide(cmdline: string): Promise<NodeSide> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-node-side-'));
  await mkdir(join(folder, 'bin'));
  await $`busybox --install -s ${folder}/bin`;
  await writeFile(join(folder, 'cmdline'), `${cmdline}\n`);
  const children: ChildProcess[] = [];
  return {
    folder,
    start(script, { env = {}, command = (argv: readonly string[]) => [...argv] } = {}) {
      const variables = Object.entries({
        PATH: `${folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
        WALT_CMDLINE: join(folder, 'cmdline'),
        WALT_KMSG: join(folder, 'kmsg'),
        ...env,
      }).map(([name, value]) => `${name}=${value}`);
      // By `env`: what leads into the namespace must not be busybox's yet.
      const [program = '', ...args] = command([
        'env',
        ...variables,
        'busybox',
        'sh',
        join(OVERLAY_BIN, script),
      ]);
      const child = spawn(program, args, {
        detached: true,
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      children.push(child);
      return child;
    },
    async script(name, text) {
      await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      return join(folder, name);
    },
    async remove() {
      for (const child of children) await endGroup(child);
      await rm(folder, { recursive: true });
    },
  };
}

/** A script and all that it started. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = child.exitCode !== null || child.signalCode !== null;
  const exited = ended ? undefined : once(child, 'exit');
  await $({ nothrow: true })`kill -KILL -- -${child.pid}`;
  await exited;
}
