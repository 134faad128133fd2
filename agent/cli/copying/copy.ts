// Copies a file or folder to, from or between nodes, as a tar that is never whole in memory.
import { once } from 'node:events';
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProgramLine } from '../../api/calls/lines/program-line.ts';
import { SEND, TAKE } from '../../ssh/copy-scripts.ts';
import type { Client } from '../client.ts';
import type { Io } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import type { CopyPlace } from './place.ts';
import { type Program, startScript } from './program.ts';
import { copyProgress } from './progress.ts';

/** What is to be copied where; one of both is on a node. */
export type Copy = {
  readonly from: CopyPlace & { readonly name: string };
  readonly to: CopyPlace;
  /** `to` has to be a folder */
  readonly isFolder: boolean;
  readonly takesOthers: boolean;
};

type Tools = { readonly client: Client; readonly io: Io };

/** Input of one request; base64 makes a third more of it, and the server takes a megabyte. */
const PIECE = 524_288;
const LONGEST_COMPLAINT = 4000;

/** @throws {CommandError} saying why not all was copied */
export async function copy(what: Copy, tools: Tools): Promise<void> {
  const { from, to } = what;
  if (to.node === undefined) return await copyOut(what, from.node ?? '', tools);
  if (from.node === undefined) return await copyIn(what, to.node, tools);
  const { isFolder, takesOthers } = what;
  const asked = { node: from.node, path: from.path, target: to.node, targetPath: to.path };
  const lines = tools.client.lines('nodes.copyBetween', { ...asked, isFolder, takesOthers });
  const onProgress = copyProgress(from.name, tools.io.live);
  let before = 0;
  try {
    await follow(lines, {
      onCount: (bytes) => {
        onProgress(bytes - before);
        before = bytes;
      },
    });
  } finally {
    tools.io.live.clear();
  }
}

async function copyIn(what: Copy, node: string, { client, io }: Tools): Promise<void> {
  const { from, to, isFolder, takesOthers } = what;
  const source = resolve(io.folder, from.path);
  await lstat(source).catch(() => {
    throw new CommandError(`there is no ${from.path}`);
  });
  const { name } = from;
  const lines = client.lines('nodes.copyIn', { node, path: to.path, name, isFolder, takesOthers });
  const tar = startScript(SEND, [source], io.folder);
  const onBytes = copyProgress(name, io.live);
  let sending: Promise<void> | undefined;
  try {
    await follow(lines, {
      onStart: (id) => {
        sending = send(tar, { client, id, onBytes });
        sending.catch(() => undefined);
      },
    });
    await sending;
    await tar.ended;
  } finally {
    tar.child.kill();
    io.live.clear();
  }
}

async function send(
  tar: Program,
  {
    client,
    id,
    onBytes,
  }: { readonly client: Client; readonly id: string; readonly onBytes: (bytes: number) => void },
): Promise<void> {
  for await (const piece of pieces(tar.output)) {
    await client.call('shells.type', { id, data: piece.toString('base64') });
    onBytes(piece.length);
  }
  await client.call('shells.type', { id, isEnd: true });
}

async function* pieces(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const part of bytes) {
    waiting.push(part);
    length += part.length;
    if (length < PIECE) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

async function copyOut(what: Copy, node: string, { client, io }: Tools): Promise<void> {
  const { from, to, isFolder, takesOthers } = what;
  const tar = startScript(TAKE, [to.path, from.name, isFolder ? 'folder' : ''], io.folder);
  const { stdin } = tar.child;
  const onBytes = copyProgress(from.name, io.live);
  const onBytesOut = async (bytes: Buffer) => {
    onBytes(bytes.length);
    // It reads no more where it has failed: what it says then is what the person has to know.
    if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain'), tar.ended]);
  };
  try {
    await follow(client.lines('nodes.copyOut', { node, path: from.path, takesOthers }), {
      onBytesOut,
    });
    stdin.end();
    await tar.ended;
  } finally {
    // Before its input ends, so that it takes away what came in part.
    tar.child.kill();
    stdin.end();
    await tar.ended.catch(() => undefined);
    io.live.clear();
  }
}

type Following = {
  readonly onStart?: (id: string) => void;
  readonly onBytesOut?: (bytes: Buffer) => Promise<void>;
  /** how many bytes the server has passed on */
  readonly onCount?: (bytes: number) => void;
};

/** What dd(1) says on the server of what it passed on. */
const COUNT = /\r?(\d+) bytes [^\r\n]*copied,[^\r\n]*\n?|\r?\d+\+\d+ records (?:in|out)\n/g;

/** @throws {CommandError} with what the node or the server says, if the program there fails */
async function follow(
  lines: AsyncGenerator<ProgramLine>,
  { onStart, onBytesOut, onCount }: Following,
): Promise<void> {
  let complaint = '';
  for await (const line of lines) {
    if (line.kind === 'shell') onStart?.(line.id);
    if (line.kind === 'failed') throw new CommandError(line.error);
    if (line.kind === 'output') {
      const bytes = Buffer.from(line.data, 'base64');
      if (line.isError) {
        const text = `${bytes}`;
        for (const [, count] of text.matchAll(COUNT)) if (count) onCount?.(Number(count));
        const rest = onCount === undefined ? text : text.replaceAll(COUNT, '');
        complaint = `${complaint}${rest}`.slice(0, LONGEST_COMPLAINT);
      } else await onBytesOut?.(bytes);
    }
    if (line.kind !== 'ended') continue;
    if (line.status === 0) return;
    throw new CommandError(complaint.trim() || `it ended with status ${line.status}`);
  }
  throw new CommandError('the server ended before all was there');
}
