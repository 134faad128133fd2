// One virtual platform from its first check to its last trace: network, server, default image, virtual node.
import type { ChildProcess } from 'node:child_process';
import { relative } from 'node:path';
import { messageOf } from '../../agent/errors.ts';
import { identify, isAlive } from '../../agent/host/processes/process-identity.ts';
import { buildPlatform } from '../built.ts';
import { createNamespace, namespaceExists } from '../network/namespace.ts';
import { checkMachine } from './checks.ts';
import { startCommand, stopCommand } from './commands.ts';
import type { PlatformOptions } from './options.ts';
import { importDefaultImage } from './parts/default-image.ts';
import { writeLauncher } from './parts/launcher.ts';
import { makeNode, NODE_NAME, waitUntilBooted } from './parts/node.ts';
import { pageOf, startServer, waitForServer, writeConfig } from './parts/server.ts';
import { hasUserOfPage } from './parts/users.ts';
import type { PlatformPaths } from './paths.ts';
import { PlatformError } from './platform-error.ts';
import { claimRecord, type PlatformRecord, readRecord, writeRecord } from './record.ts';
import { tearDown } from './tear-down.ts';
import { type Page, whatNext } from './what-next.ts';

/** What the platform has once it is there. */
type Ready = { readonly page: Page; readonly hasUser: boolean; readonly node?: string };

/** The platform that runs from this state folder, if one does. */
export async function runningPlatform(state: string): Promise<PlatformRecord | undefined> {
  const record = await readRecord(state);
  return record !== undefined && (await isAlive(record.supervisor)) ? record : undefined;
}

/** Runs a platform until `signal` aborts or its server ends. Leaves nothing behind but its state folder. */
export async function runPlatform(
  options: PlatformOptions,
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<void> {
  await checkMachine(paths);
  await clearLeftovers(paths);
  await checkNamespaceIsFree(options.namespace);
  let record = await claim(paths);
  const note = async (change: Partial<PlatformRecord>) => {
    record = { ...record, ...change };
    await writeRecord(paths.folder, record);
  };
  try {
    await build(signal);
    const { server, ...ready } = await bringUp(options, paths, { signal, note });
    printWhatNext(options, paths, ready);
    await note({ isReady: true });
    await untilEnd(server, paths, signal);
  } finally {
    console.log('Ending the platform …');
    await tearDown(record, paths);
    console.log('Nothing of it is left but its state; the same npm start goes on from there.');
  }
}

async function build(signal: AbortSignal): Promise<void> {
  try {
    await buildPlatform(signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new PlatformError(messageOf(cause), {
      remedy: 'What it said is above; when that is mended, run this again.',
      cause,
    });
  }
}

/** From here on this process is the one that runs the platform of the state folder. */
async function claim(paths: PlatformPaths): Promise<PlatformRecord> {
  const record = { supervisor: await identity(process.pid), isReady: false };
  if (await claimRecord(paths.folder, record)) return record;
  throw new PlatformError(`Another start was quicker with ${paths.folder}`, {
    remedy: `Wait for that one, or end it: ${stopCommand(paths)}`,
  });
}

/** What a platform killed by force has left; its record says which of it is ours. */
async function clearLeftovers(paths: PlatformPaths): Promise<void> {
  const record = await readRecord(paths.folder);
  if (record === undefined) return;
  console.log('Clearing away what an earlier platform has left …');
  await tearDown(record, paths);
}

async function checkNamespaceIsFree(name: string): Promise<void> {
  if (!(await namespaceExists(name))) return;
  throw new PlatformError(`A network namespace ${name} is there already, made by something else`, {
    remedy: `If it is of no use: ip netns delete ${name}. Or choose another: npm start -- --namespace NAME`,
  });
}

async function bringUp(
  options: PlatformOptions,
  paths: PlatformPaths,
  run: {
    readonly signal: AbortSignal;
    readonly note: (change: Partial<PlatformRecord>) => Promise<void>;
  },
): Promise<Ready & { readonly server: ChildProcess }> {
  const { signal, note } = run;
  console.log(`Network namespace ${options.namespace}, server address ${options.address}`);
  await createNamespace(options.namespace, { address: options.address });
  await note({ namespace: options.namespace });
  signal.throwIfAborted();
  await writeConfig(paths, options);
  await writeLauncher(paths, startCommand(paths, options));
  console.log(`Starting the server (log: ${paths.serverLog}) …`);
  const server = await startServer(paths);
  await note({ server: await identity(server.pid) });
  await waitForServer(server, paths, signal);
  const page = await pageOf(paths, signal);
  await importDefaultImage(paths, signal);
  const hasUser = await hasUserOfPage(paths, signal);
  if (!options.startsNode) return { server, page, hasUser };
  const node = await makeNode(paths, signal);
  console.log(`Booting ${node} over the network …`);
  await waitUntilBooted(node, paths, signal);
  return { server, page, hasUser, node };
}

async function identity(pid: number | undefined) {
  const found = pid === undefined ? undefined : await identify(pid);
  if (found === undefined) throw new Error('Cannot go on: a process ended as soon as it started');
  return found;
}

function printWhatNext(
  { namespace, detaches }: PlatformOptions,
  paths: PlatformPaths,
  ready: Ready,
): void {
  const stop = stopCommand(paths);
  const platform = { launcher: asTyped(paths.launcher), namespace, isDetached: detaches, stop };
  const isUnnamed = ready.node === NODE_NAME;
  console.log(whatNext({ ...platform, ...ready, isUnnamed }).join('\n'));
}

/** The shorter way to write a path: from the current folder, where that does not lead upwards. */
function asTyped(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** A server that ends by itself ends the platform; a virtual PC may be switched off. */
async function untilEnd(
  server: ChildProcess,
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<void> {
  const ended = new PlatformError('The server has ended', {
    remedy: `See what it said last: ${paths.serverLog}`,
  });
  if (server.exitCode !== null || server.signalCode !== null) throw ended;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('exit', () => reject(ended));
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
}
