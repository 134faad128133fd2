// A program that somebody elsewhere works in: on a terminal of its own, or on pipes for a script.
import { spawn as spawnOnPipes } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { WaltError } from '../../errors.ts';
import { notInstalled } from './program.ts';

/** How large a terminal is. */
export type TerminalSize = { readonly columns: number; readonly rows: number };

/** A terminal as the one who looks at it has it; `type` is the value of TERM. */
export type Terminal = TerminalSize & { readonly type: string };

/** A piece of what a program writes. */
export type Output = { readonly bytes: Buffer; readonly isError: boolean };

/** A program that runs. */
export type ShellProcess = {
  /** Ends once the program has ended. What is not read holds the program up. */
  readonly output: AsyncIterable<Output>;
  /** exit status; null where a signal ended it */
  readonly ended: Promise<number | null>;
  /** Resolves when the program can take more. What comes after its end is for nobody. */
  readonly write: (bytes: Buffer) => Promise<unknown>;
  /** The program reads the end of its input; on a terminal ctrl-D is typed instead. */
  readonly endInput: () => void;
  /** Does nothing where there is no terminal. */
  readonly resize: (size: TerminalSize) => unknown;
  /** Ends the program as a terminal that is closed does, and whatever withstands that by force. */
  readonly end: () => Promise<void>;
};

/** Pieces of output that may wait. */
const MOST_WAITING = 16;
const GRACE_MS = 2000;

/**
 * Runs a program.
 * @param terminal without it the program has pipes
 * @throws {WaltError} if it cannot be started
 */
export async function startShellProcess(
  command: readonly string[],
  terminal: Terminal | undefined,
): Promise<ShellProcess> {
  await requireInstalled(command[0] ?? '');
  return terminal === undefined ? await onPipes(command) : await onTerminal(command, terminal);
}

/** A terminal opens for a program that is not there, too, and shows nothing. */
async function requireInstalled(program: string): Promise<void> {
  const { PATH = '' } = process.env;
  const places = program.includes('/') ? [''] : PATH.split(':');
  const isThere = async (place: string) =>
    await access(join(place, program), constants.X_OK).then(
      () => true,
      () => false,
    );
  const found = await Promise.all(places.map(isThere));
  if (!found.includes(true)) throw notInstalled(program);
}

async function onTerminal(
  [program = '', ...args]: readonly string[],
  { type, columns, rows }: Terminal,
): Promise<ShellProcess> {
  const { spawn } = await loadPty();
  const pty = spawn(program, args, { name: type, cols: columns, rows, encoding: null });
  const output = new PassThrough({ objectMode: true, highWaterMark: MOST_WAITING });
  // With `encoding: null` the pieces are bytes, whatever the type says.
  pty.onData((bytes) => {
    if (!output.write({ bytes: Buffer.from(bytes), isError: false })) pty.pause();
  });
  output.on('drain', () => pty.resume());
  const ended = new Promise<number | null>((resolve) =>
    pty.onExit(({ exitCode, signal }) => {
      output.end();
      resolve(signal ? null : exitCode);
    }),
  );
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  return {
    output,
    ended,
    // The type knows text alone, but bytes go through as they are.
    write: async (bytes) => hasEnded || pty.write(bytes as unknown as string),
    endInput: () => undefined,
    resize: (size) => hasEnded || pty.resize(size.columns, size.rows),
    end: () => endBy((signal) => pty.kill(signal), { output, ended }),
  };
}

/** Its native part is loaded when it is needed first: a server without it lacks only shells on a terminal. */
async function loadPty(): Promise<typeof import('@lydell/node-pty')> {
  try {
    return await import('@lydell/node-pty');
  } catch (cause) {
    throw new WaltError(
      'Cannot open a terminal: this server lacks the package @lydell/node-pty. Commands from standard input work without it (--save NAME).',
      { cause },
    );
  }
}

async function onPipes([program = '', ...args]: readonly string[]): Promise<ShellProcess> {
  // A process group of its own, so that all of it can be ended.
  const child = spawnOnPipes(program, args, { stdio: 'pipe', detached: true });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new WaltError(`Cannot run ${program}: ${cause.message}`, { cause })),
    );
  });
  const output = new PassThrough({ objectMode: true, highWaterMark: MOST_WAITING });
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) {
    stream.on('data', (bytes: Buffer) => {
      const hasRoom = output.write({ bytes, isError: stream === child.stderr });
      if (!hasRoom) for (const one of streams) one.pause();
    });
  }
  output.on('drain', () => {
    for (const stream of streams) stream.resume();
  });
  // A program need not read its input to the end.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      output.end();
      resolve(code);
    }),
  );
  return {
    output,
    ended,
    write: async (bytes) => {
      if (child.stdin.destroyed || child.stdin.write(bytes)) return;
      await Promise.race([ended, drained(child.stdin)]);
    },
    endInput: () => child.stdin.end(),
    resize: () => undefined,
    end: () => endBy((signal) => process.kill(-(child.pid ?? 0), signal), { output, ended }),
  };
}

/** A pipe that nobody reads any more is closed without having been emptied. */
function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });
}

async function endBy(
  kill: (signal: NodeJS.Signals) => void,
  { output, ended }: { readonly output: PassThrough; readonly ended: Promise<unknown> },
): Promise<void> {
  // Nobody reads any more: a program that waits for its output to be taken would never end.
  output.resume();
  const send = (signal: NodeJS.Signals) => {
    try {
      kill(signal);
    } catch (gone) {
      if ((gone as NodeJS.ErrnoException).code !== 'ESRCH') throw gone;
    }
  };
  const force = setTimeout(() => send('SIGKILL'), GRACE_MS);
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  await Promise.resolve();
  if (!isOver) send('SIGHUP');
  await ended;
  clearTimeout(force);
}
