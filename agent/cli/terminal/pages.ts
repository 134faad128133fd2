// Long texts on a terminal: what does not fit goes to a pager.
import { spawn } from 'node:child_process';
import { type StyledLine, shownLine } from './styled-text.ts';

/** Of the environment. */
type Wishes = Readonly<Partial<Record<'PAGER' | 'NO_COLOR' | 'TERM', string>>>;
type Screen = { readonly isTTY?: boolean; readonly rows?: number; write(text: string): unknown };

/** Keeps styles (R), and leaves what it showed on the screen (X). Not every machine has it. */
const PAGER = 'command -v less >/dev/null || exit 127; exec less -RX';

/**
 * Shows lines on the terminal, by a pager where they are more than it has.
 * @param environment PAGER is a command of the shell (an empty one: none); NO_COLOR (https://no-color.org) and TERM=dumb take the styles away
 */
export function pageShower(
  stdout: Screen,
  environment: Wishes,
): (lines: readonly StyledLine[]) => Promise<void> {
  const { PAGER: wanted, NO_COLOR: plain = '', TERM = 'dumb' } = environment;
  const hasStyles = stdout.isTTY === true && plain === '' && TERM !== 'dumb';
  return async (lines) => {
    const text = `${lines.map((line) => shownLine(line, hasStyles)).join('\n')}\n`;
    const pager = wanted ?? PAGER;
    const isLong = stdout.isTTY === true && lines.length >= (stdout.rows ?? lines.length + 1);
    if (!isLong || pager === '' || TERM === 'dumb' || !(await wasPaged(pager, text))) {
      stdout.write(text);
    }
  };
}

/** @returns false where there is no such program */
async function wasPaged(pager: string, text: string): Promise<boolean> {
  const child = spawn('/bin/sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'inherit'] });
  // Who leaves the pager early does not read the rest.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(NOT_FOUND));
    child.once('exit', resolve);
  });
  return status !== NOT_FOUND;
}

/** What a shell says of a command that there is none of. */
const NOT_FOUND = 127;
