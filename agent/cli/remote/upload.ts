// Sends files and folders of this machine to a server on another one, for calls that take something of the server's disk.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sizeText } from '../../host/text/size-text.ts';
import { CommandError } from '../command-line/command-error.ts';

/** Begins a request whose body is bytes. @throws if the server is not reached */
export type OpenUpload = (path: string) => {
  readonly body: NodeJS.WritableStream;
  /** the answer, which may come before all is sent */
  readonly answered: Promise<IncomingMessage>;
};

type Options = {
  readonly open: OpenUpload;
  /** @throws {CommandError} with what the server says, if it refuses; gives its JSON */
  readonly read: (answer: IncomingMessage) => Promise<unknown>;
};

/** A step for people who wait. */
export type SendingLine = { readonly kind: 'step'; readonly text: string };

type Sent = { readonly bytes: Readable; readonly form: 'file' | 'tar'; readonly name: string };
type Form = (path: string) => Promise<Sent>;

/** Of calls with a path of the server's disk: the field, and in which form a path of this machine is sent instead. */
const FIELDS: Readonly<Record<string, { readonly field: string; readonly form: Form }>> = {
  'images.import': { field: 'source', form: archiveOf },
  'images.build': { field: 'context', form: tarOf },
  'images.copyIn': { field: 'source', form: tarOf },
};
const PAUSE_MS = 1000;

/** What was sent, for calls that are made again. */
export class RemoteUploads {
  readonly #options: Options;
  readonly #sent = new Map<string, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * What is to be asked instead: the path of this machine is sent first, and each second a step tells how much.
   * @throws {CommandError} if there is nothing at the path, or the server refuses
   */
  async *instead<Asked extends object>(
    name: string,
    asked: Asked,
  ): AsyncGenerator<SendingLine, Asked> {
    const { field, form } = FIELDS[name] ?? {};
    const path = field === undefined ? undefined : (asked as Record<string, unknown>)[field];
    if (form === undefined || typeof path !== 'string' || !path.startsWith('/')) return asked;
    const { [field as keyof Asked]: _path, ...others } = asked;
    const key = `${name} ${path}`;
    const upload = this.#sent.get(key) ?? (yield* this.#send(path, form));
    this.#sent.set(key, upload);
    return { ...others, upload } as unknown as Asked;
  }

  async *#send(path: string, form: Form): AsyncGenerator<SendingLine, string> {
    const sent = await form(path);
    let bytes = 0;
    const sending = this.#sending(sent, (count) => {
      bytes += count;
    });
    let isOver = false;
    const over = sending.then(
      () => undefined,
      () => undefined,
    );
    over.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await Promise.race([over, sleep(PAUSE_MS, undefined, { ref: false })]);
      if (!isOver) yield { kind: 'step', text: `sending ${basename(path)}: ${sizeText(bytes)}` };
    }
    return await sending;
  }

  async #sending({ bytes, form, name }: Sent, onBytes: (count: number) => void): Promise<string> {
    const { open, read } = this.#options;
    const { body, answered } = open(`/api/v1/uploads/${form}/${encodeURIComponent(name)}`);
    const counted = bytes.on('data', (part: Buffer) => onBytes(part.length));
    // The server may refuse before all is sent: what it says is what the person has to know.
    const left = new AbortController();
    const written = pipeline(counted, body, { signal: left.signal });
    written.catch(() => undefined);
    const failed = written.then(
      () => new Promise<never>(() => undefined),
      async (reason: unknown) => {
        await sleep(PAUSE_MS, undefined, { ref: false });
        throw reason;
      },
    );
    try {
      const answer = await Promise.race([answered, failed]);
      const { upload } = (await read(answer)) as { readonly upload: string };
      return upload;
    } finally {
      left.abort();
      bytes.destroy();
    }
  }
}

/** An archive as it is; a folder as a tar of what is in it. */
async function archiveOf(path: string): Promise<Sent> {
  const isFolder = (await statusOf(path)).isDirectory();
  const bytes = isFolder ? tarred(['--directory', path, '.']) : createReadStream(path);
  return { bytes, form: 'file', name: `${basename(path) || 'root'}${isFolder ? '.tar' : ''}` };
}

/** A file or folder with its name. */
async function tarOf(path: string): Promise<Sent> {
  await statusOf(path);
  const name = basename(path);
  if (name === '') throw new CommandError(`Cannot send ${path}: name a file or folder in it`);
  const folder = path.slice(0, -name.length - 1) || '/';
  return { bytes: tarred(['--directory', folder, '--', `./${name}`]), form: 'tar', name };
}

async function statusOf(path: string) {
  return await lstat(path).catch((cause: unknown) => {
    throw new CommandError(`There is no ${path}`, { cause });
  });
}

/** What tar(1) writes; fails as it does. */
function tarred(args: readonly string[]): Readable {
  const tar = spawn('tar', ['--create', '--sparse', '--file', '-', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(0, 1000);
  });
  const output = new PassThrough();
  // Its end is that of the program: half an archive is none.
  tar.stdout.pipe(output, { end: false });
  tar.once('error', (cause) => output.destroy(cause));
  tar.once('close', (status) => {
    if (status === 0) output.end();
    else output.destroy(new CommandError(`Cannot read it whole: ${complaint.trim()}`));
  });
  output.once('close', () => tar.kill());
  return output;
}
