// `walt image cp`: copies between this machine and an image of yours.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CopyLine } from '../../../api/calls/workshop.ts';
import { messageOf } from '../../../errors.ts';
import type { Client } from '../../client.ts';
import type { Args, Command, Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { followImage, imageResult, imageText } from '../../terminal/follow-image.ts';

const PIPES = { stdio: 'pipe' } as const;

const JSON_OPTION = { name: 'json', help: 'print what was done as JSON' };

export const imageCp: Command = {
  category: 'image',
  name: 'cp',
  help: 'copy files and folders into an image of yours, or out of it',
  arguments: [
    { name: 'SOURCE', help: 'a path, or IMAGE:PATH', names: 'image-path' },
    { name: 'TARGET', help: 'a path, or IMAGE:PATH', names: 'image-path' },
  ],
  options: [JSON_OPTION],
  async run(client, { words: [source = '', target = ''], flags }, io) {
    const from = insideOf(source);
    const to = insideOf(target);
    if (from !== undefined && to === undefined)
      return await copyOut(client, { ...from, target, flags }, io);
    if (from === undefined && to !== undefined)
      return await copyIn(client, { ...to, source, flags }, io);
    throw new CommandError(
      'walt image cp: one of the two has to be IMAGE:PATH with an absolute path, as web:v2:/etc/motd, the other a path',
    );
  },
};

type Inside = { readonly name: string; readonly path: string };
type Flags = Pick<Args, 'flags'>;

/** `web:/etc` and `web:v2:/etc` name an image; whatever begins with a dot or slash is a path of this machine. */
function insideOf(text: string): Inside | undefined {
  const [, name, path] = /^([^./][^/]*(?:\/[^/:]+(?::[^/:]+)?)?):(\/.*)$/.exec(text) ?? [];
  return name === undefined || path === undefined ? undefined : { name, path };
}

async function copyIn(
  client: Client,
  { flags, ...copy }: Inside & Flags & { readonly source: string },
  io: Io,
): Promise<void> {
  const asked = { ...copy, source: resolve(io.folder, copy.source) };
  const image = await followImage(client.lines('images.copyIn', asked), io);
  const isJson = flags.has(JSON_OPTION.name);
  io.out(isJson ? imageResult(image, flags) : `${imageText(image)} Nodes get it when they boot.`);
}

/** Written here rather than by the server, so that nothing is written where the person may not. */
async function copyOut(
  client: Client,
  { name, path, target, flags }: Inside & Flags & { readonly target: string },
  { folder, out }: Io,
): Promise<void> {
  const where = `${path} of ${name} to ${target}`;
  const place = await mkdtemp(join(tmpdir(), 'walt-cp-')).catch((cause: unknown) => {
    const why = `what comes needs a place in ${tmpdir()} first (TMPDIR), and ${messageOf(cause)}`;
    throw new CommandError(`Cannot copy ${where}: ${why}`, { cause });
  });
  try {
    const file = await unpack(client.lines('images.copyOut', { name, path }), place);
    const how = ['--recursive', '--no-dereference', '--preserve=mode,timestamps', '--'];
    await finish(spawn('cp', [...how, join(place, file), resolve(folder, target)], PIPES));
  } catch (cause) {
    if (!(cause instanceof CopyFailure)) throw cause;
    // Of where it was on its way nobody knows.
    const why = cause.message.replaceAll(`${place}/`, '').replaceAll(/^(?:cp|tar): /gm, '');
    throw new CommandError(`Cannot copy ${where}: ${why}`, { cause });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  if (flags.has(JSON_OPTION.name)) {
    out(JSON.stringify({ image: name, path, target: resolve(folder, target) }, null, 2));
  }
}

class CopyFailure extends Error {
  override name = 'CopyFailure' as const;
}

/** @returns name of the one file or folder that came */
async function unpack(lines: AsyncIterable<CopyLine>, place: string): Promise<string> {
  const tar = spawn('tar', ['--extract', '--preserve-permissions', '--directory', place], PIPES);
  // Why it reads no more, its standard error says.
  tar.stdin.on('error', () => undefined);
  const unpacked = finish(tar);
  unpacked.catch(() => undefined);
  try {
    for await (const line of lines) {
      if (line.kind === 'failed') throw new CopyFailure(line.error);
      if (line.kind === 'data' && !tar.stdin.write(Buffer.from(line.data, 'base64'))) {
        await Promise.race([once(tar.stdin, 'drain'), unpacked]);
      }
      if (line.kind !== 'done') continue;
      tar.stdin.end();
      await unpacked;
      return line.name;
    }
  } finally {
    tar.stdin.end();
  }
  throw new CopyFailure('the server ended before all was there');
}

async function finish(child: ChildProcessWithoutNullStreams): Promise<void> {
  let complaint = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const code = await new Promise((done) => child.once('close', done));
  // Its last line says only that there were others.
  if (code !== 0) throw new CopyFailure(complaint.replace(/^tar: Exiting .*\n/m, '').trim());
}
