// Standard input and output as bytes, for a shell that runs on the server.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Wire } from '../command-line/command.ts';

type Streams = {
  /** opened when something is to be read */
  readonly stdin: () => ReadStream;
  /** whether that is a terminal */
  readonly hasTerminal: boolean;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  /** value of TERM */
  readonly type: string;
};

/** What a terminal is where it does not say. */
const USUAL = { columns: 80, rows: 24 };

/** On a terminal each key goes through, ctrl-C too, for as long as something is connected. */
export function wireOf({ stdin: open, hasTerminal, stdout, stderr, type }: Streams): Wire {
  const screen = stdout.isTTY ? stdout : stderr;
  const size = () => ({
    columns: screen.columns || USUAL.columns,
    rows: screen.rows || USUAL.rows,
  });
  return {
    terminal: () => (hasTerminal && screen.isTTY ? { ...size(), type } : undefined),
    connect: ({ onInput, onEnd, onResize }) => {
      const stdin = open();
      const isTerminal = hasTerminal && screen.isTTY;
      let isOpen = true;
      const take = async (bytes: Uint8Array) => {
        stdin.pause();
        await onInput(bytes);
        if (isOpen) stdin.resume();
      };
      const resize = () => onResize(size());
      if (isTerminal) makeRaw(stdin);
      stdin.on('data', take).on('end', onEnd).resume();
      screen.on('resize', resize);
      return () => {
        isOpen = false;
        stdin.off('data', take).off('end', onEnd).pause();
        screen.off('resize', resize);
        if (isTerminal) stdin.setRawMode(false);
      };
    },
    write: async (bytes, { isError }) => {
      const stream = isError ? stderr : stdout;
      if (!stream.write(bytes)) await once(stream, 'drain');
    },
  };
}

/** Raw mode of Node.js goes on to put a return before each line feed, which full-screen programs do not expect. */
function makeRaw(stdin: ReadStream): void {
  stdin.setRawMode(true);
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
}
