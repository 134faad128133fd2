// Brings a pinned input into the cache, from the first place that has it, and never hands out a file with other content.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ } from '../run.ts';
import { debianArchive } from './debian-archive.ts';
import {
  type DebianInput,
  type DebianSourceInput,
  fileName,
  type Input,
  poolPath,
  snapshotOf,
} from './input.ts';

/** Where inputs are looked for: the cache (written to), then a mirror folder (read only), then their origin. */
export type Places = { readonly cache: string; readonly mirror?: string };

/** The places that the environment names: WALT_CACHE, WALT_MIRROR, else the usual ones for this user and this clone. */
export function placesOf(env: NodeJS.ProcessEnv, root: string): Places {
  const cache = env.WALT_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'walt');
  const mirror = env.WALT_MIRROR ?? join(root, '../shared/mirror');
  return existsSync(mirror) ? { cache, mirror } : { cache };
}

/** Returns the path of the input's file in the cache. Throws when no place has it, or one has other content. */
export async function fetchInput(input: Input, { cache, mirror }: Places): Promise<string> {
  const cached = join(cache, 'inputs', input.sha256, fileName(input));
  if (existsSync(cached)) {
    await checkContent(cached, input, `Remove it: ${cached}`);
    return cached;
  }
  const mirrored = mirror && join(mirror, fileName(input));
  if (mirrored && existsSync(mirrored)) {
    await checkContent(mirrored, input, `Put the right file into ${mirror}`);
    await store(cached, (unfinished) => copyFile(mirrored, unfinished));
    return cached;
  }
  await store(cached, async (unfinished) => {
    await download(input, unfinished);
    await checkContent(unfinished, input, 'Its origin changed it: try later, or use WALT_MIRROR');
  });
  return cached;
}

/** Two builds may fetch the same input at once: each writes a file of its own, and whoever renames last replaces the same bytes. */
async function store(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await write(unfinished);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function checkContent(path: string, input: Input, remedy: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found === input.sha256) return;
  throw new Error(
    `Cannot use ${fileName(input)}: its SHA-256 is ${found}, expected ${input.sha256}. ${remedy}`,
  );
}

const TRIES = 3;
const PAUSE_MS = 3000;

/** A mirror that is being updated may lack the file for a moment: ask again before giving up. */
async function download(input: Input, to: string): Promise<void> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await downloadOnce(input, to);
    } catch (cause) {
      if (left === 0) throw notFetched(input, cause);
      await sleep(PAUSE_MS);
    }
  }
}

async function downloadOnce(input: Input, to: string): Promise<void> {
  if (input.kind === 'npm') {
    const name = `${input.package}@${input.version}`;
    // npm's own client: with the registry that npm is configured with.
    const folder = await mkdtemp(join(dirname(to), 'npm-'));
    try {
      await $`npm pack --silent --pack-destination ${folder} ${name}`;
      await rename(join(folder, fileName(input)), to);
    } finally {
      await rm(folder, { recursive: true });
    }
    return;
  }
  if (input.kind !== 'url') {
    return await downloadFromDebian(input, to);
  }
  const response = await fetch(input.url);
  if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(to));
}

async function downloadFromDebian(
  input: DebianInput | DebianSourceInput,
  to: string,
): Promise<void> {
  const snapshot = snapshotOf(input);
  try {
    await downloadByApt(new URL(poolPath(input), await debianArchive()), to);
  } catch (reason) {
    if (snapshot === undefined) throw reason;
    await downloadByApt(new URL(poolPath(input), snapshot), to);
  }
}

/** apt's own downloader: with the proxy and the credentials that apt is configured with, and nothing of apt's state touched. */
async function downloadByApt({ href }: URL, to: string): Promise<void> {
  await $`/usr/lib/apt/apt-helper download-file ${href} ${to}`;
}

function notFetched(input: Input, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message.trim() : String(cause);
  return new Error(
    `Cannot fetch ${fileName(input)} from ${originOf(input)}: ${why}\n` +
      'Check the network, or put the file into a folder and name that folder in WALT_MIRROR.',
    { cause },
  );
}

function originOf(input: Input): string {
  if (input.kind === 'url') return input.url;
  return input.kind === 'npm' ? 'the npm registry' : `the Debian mirror (${poolPath(input)})`;
}
