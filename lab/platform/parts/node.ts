// The platform's virtual PC: the stick as it is released, its boot shown stage by stage, until the server has it booted.
import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { createGunzip } from 'node:zlib';
import { startVm, type Vm } from '../../../agent/machines/vm.ts';
import type { Namespace } from '../../network/namespace.ts';
import { runProgram } from '../../programs/run-program.ts';
import type { PlatformPaths } from '../paths.ts';
import { PlatformError } from '../platform-error.ts';

const MAC = '52:54:00:77:61:01';
/** The name that the server gives a node with the card of the virtual PC. People may have renamed it since. */
const NODE_NAME = 'node-776101';

// Without KVM, on a busy machine, a boot takes minutes.
const BOOT_SECONDS = 900;
// The server may have nothing to say for long, so the console is quoted now and then.
const QUOTE_SECONDS = 30;

/** Powers the virtual PC on, with the stick plugged in. */
export async function startNode(
  namespace: Namespace,
  paths: PlatformPaths,
  accel: 'tcg' | 'kvm',
): Promise<Vm> {
  await pipeline(
    createReadStream(paths.stickArchive),
    createGunzip(),
    createWriteStream(paths.stick),
  );
  return startVm({
    network: namespace,
    name: NODE_NAME,
    mac: MAC,
    firmware: 'bios',
    usbDisk: paths.stick,
    serialLog: paths.serialLog,
    folder: paths.nodeFolder,
    accel,
  });
}

/** Shows what the server logs meanwhile, and returns the node's name once it is booted. */
export async function waitUntilBooted(paths: PlatformPaths, signal: AbortSignal): Promise<string> {
  const log = spawn(paths.launcher, ['log', 'show', '--platform', '--realtime'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  try {
    return await waitForNode(paths, signal);
  } finally {
    await endLog(log);
  }
}

/** `walt node wait` knows a node from its first DHCP packet on; until then it refuses the name. */
async function waitForNode(paths: PlatformPaths, signal: AbortSignal): Promise<string> {
  const started = Date.now();
  let quoted = started;
  let said = '';
  while (Date.now() < started + BOOT_SECONDS * 1000) {
    const name = await nodeName(paths, signal);
    const wait = [paths.launcher, 'node', 'wait', name, '--timeout', '30'];
    const result = await runProgram(wait, { signal });
    if (result.code === 0) return name;
    said = result.said.trim();
    if (Date.now() > quoted + QUOTE_SECONDS * 1000) {
      quoted = Date.now();
      const seconds = Math.round((quoted - started) / 1000);
      console.log(`Not booted after ${seconds} s; its console says: ${await lastLine(paths)}`);
    }
    await sleep(3000, undefined, { signal });
  }
  const serial = await readFile(paths.serialLog, 'latin1');
  throw new PlatformError(
    `The node did not boot within ${BOOT_SECONDS} s (${said}). Its console ends with:\n${serial.slice(-2000)}`,
    {
      remedy: `The whole console is in ${paths.serialLog}, the server's log in ${paths.serverLog}`,
    },
  );
}

/** What the node is called now: its state outlives the platform, and so does a name that somebody gave it. */
export async function nodeName(
  { launcher }: Pick<PlatformPaths, 'launcher'>,
  signal: AbortSignal,
): Promise<string> {
  const { code, stdout } = await runProgram([launcher, 'device', 'show', '--json'], { signal });
  if (code !== 0) return NODE_NAME;
  const { devices } = JSON.parse(stdout.toString()) as { devices: { mac: string; name: string }[] };
  return devices.find(({ mac }) => mac === MAC)?.name ?? NODE_NAME;
}

async function lastLine({ serialLog }: PlatformPaths): Promise<string> {
  const lines = (await readFile(serialLog, 'latin1')).split(/[\r\n]+/);
  return stripVTControlCharacters(lines.findLast((line) => line.trim() !== '') ?? '(nothing)');
}

async function endLog(log: ChildProcess): Promise<void> {
  if (log.exitCode !== null || log.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  log.once('exit', () => resolve());
  log.kill();
  await promise;
}
