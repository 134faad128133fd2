// The platform's virtual node: made by `walt node create`, its boot shown stage by stage, until the server has it booted.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderName } from '../../../agent/machines/kept/machine-files.ts';
import { runProgram, succeed } from '../../programs/run-program.ts';
import type { PlatformPaths } from '../paths.ts';
import { PlatformError } from '../platform-error.ts';
import { consoleText, lastLineOf } from './console-text.ts';
import { waltCommand } from './launcher.ts';

/** The name of the first virtual node. People may have renamed it since, or made others. */
export const NODE_NAME = 'pc-1';

// Without KVM, on a busy machine, a boot takes minutes.
const BOOT_SECONDS = 900;
// The server may have nothing to say for long, so the console is quoted now and then.
const QUOTE_SECONDS = 30;

type Known = { readonly name: string; readonly mac: string };

/** Makes a virtual node; one that an earlier start made is powered on by the server itself. @returns its name */
export async function makeNode(paths: PlatformPaths, signal: AbortSignal): Promise<string> {
  const [known] = await virtualNodes(paths, signal);
  if (known !== undefined) return known.name;
  await succeed(waltCommand(paths, 'node', 'create', NODE_NAME), { signal });
  return NODE_NAME;
}

/** Shows what the server logs meanwhile, until the node is booted. */
export async function waitUntilBooted(
  name: string,
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<void> {
  const [program, ...args] = waltCommand(paths, 'log', 'show', '--platform', '--realtime');
  const log = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  try {
    await waitForNode(name, paths, signal);
  } finally {
    await endLog(log);
  }
}

async function waitForNode(name: string, paths: PlatformPaths, signal: AbortSignal): Promise<void> {
  const started = Date.now();
  let said = '';
  while (Date.now() < started + BOOT_SECONDS * 1000) {
    const wait = waltCommand(paths, 'node', 'wait', name, '--timeout', String(QUOTE_SECONDS));
    const result = await runProgram(wait, { signal });
    if (result.code === 0) return;
    said = result.said.trim();
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = lastLineOf(await saidOn(await consoleLog(name, paths, signal)));
    console.log(`Not booted after ${seconds} s; its console says: ${line ?? '(nothing)'}`);
    await sleep(1000, undefined, { signal });
  }
  const file = await consoleLog(name, paths, signal);
  const serial = consoleText(await saidOn(file));
  throw new PlatformError(
    `The node did not boot within ${BOOT_SECONDS} s (${said}). Its console ends with:\n${serial.slice(-2000)}`,
    { remedy: `The whole console is in ${file}, the server's log in ${paths.serverLog}` },
  );
}

/** What the console of a virtual node said. */
async function consoleLog(
  name: string,
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<string> {
  const nodes = await virtualNodes(paths, signal);
  const { mac = '' } = nodes.find((node) => node.name === name) ?? {};
  return join(paths.serverState, 'machines', folderName(mac), 'console.log');
}

async function virtualNodes(paths: PlatformPaths, signal: AbortSignal): Promise<Known[]> {
  const { stdout } = await succeed(waltCommand(paths, 'device', 'show', '--json'), { signal });
  const { devices } = JSON.parse(stdout.toString()) as {
    devices: (Known & { virtual: boolean })[];
  };
  return devices.filter(({ virtual }) => virtual);
}

async function saidOn(file: string): Promise<Uint8Array> {
  return await readFile(file).catch(() => new Uint8Array());
}

async function endLog(log: ChildProcess): Promise<void> {
  if (log.exitCode !== null || log.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  log.once('exit', () => resolve());
  log.kill();
  await promise;
}
