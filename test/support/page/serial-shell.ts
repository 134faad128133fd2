// A board with a shell at its console: a pseudo terminal under a name that a serial line may have.
import { rm } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { Background } from '../../../lab/programs/background.ts';

/** It ends with the test. @param first of a hundred numbers that no other test takes. @returns the path of the line */
export function serialShell(t: ExecutionContext, first: number): string {
  const line = `/dev/ttyUSB${first + (process.pid % 100)}`;
  const board = new Background([
    'socat',
    `PTY,rawer,link=${line}`,
    'EXEC:"sh -i",pty,echo=0,stderr',
  ]);
  t.teardown(() => rm(line, { force: true }));
  t.teardown(() => board.kill());
  return line;
}
