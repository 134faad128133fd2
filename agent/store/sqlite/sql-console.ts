// SQL that an administrator types. It runs in sqlite3(1), a process of its own that can be ended at any moment: a statement that
// takes long, or much memory, holds nobody up.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { WaltError } from '../../errors.ts';
import { notInstalled } from '../../host/processes/program.ts';

/** A row of a result, by the names of its columns. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What came of statements: a row of the result with this number, the first being 1. */
export type SqlLine = { readonly result: number; readonly row: SqlRow };

type Options = {
  /** without it nothing can be changed */
  readonly isWriting: boolean;
  readonly signal: AbortSignal;
  readonly seconds?: number;
  readonly rows?: number;
};

const SECONDS = 30;
const ROWS = 10_000;
const MEGABYTES = 256;
/** For a writer that is at work. */
const BUSY_MS = 5000;

/**
 * Runs statements on the database of a server, which may be at work. Files other than the database are out of reach.
 * @throws {WaltError} with what SQLite says, or the bound that was reached; what was changed by statements before stays
 */
export async function* runSql(
  file: string,
  sql: string,
  { isWriting, signal, seconds = SECONDS, rows = ROWS }: Options,
): AsyncGenerator<SqlLine> {
  const limit = `PRAGMA hard_heap_limit = ${MEGABYTES * 2 ** 20}`;
  const how = ['-safe', '-bail', '-batch', '-json', '-cmd', `.timeout ${BUSY_MS}`, '-cmd', limit];
  // The space makes it neither an option nor a command of the program.
  const args = [...how, ...(isWriting ? [] : ['-readonly']), file, ` ${sql}`];
  const timeout = AbortSignal.timeout(seconds * 1000);
  const child = spawn('sqlite3', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 2000);
  });
  let cause: NodeJS.ErrnoException | undefined;
  child.once('error', (error) => {
    cause = error;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    // The first result is that of the PRAGMA.
    let result = -1;
    let count = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('[')) result += 1;
      if (result === 0) continue;
      count += 1;
      if (count > rows) throw new WaltError(`There are more than ${rows} rows: add LIMIT.`);
      yield { result, row: rowIn(line) };
    }
  } finally {
    child.kill('SIGKILL');
  }
  const status = await ended;
  if (cause?.code === 'ENOENT') throw notInstalled('sqlite3');
  if (timeout.aborted) throw new WaltError(`It was ended: it took more than ${seconds} s.`);
  if (status !== 0) throw new WaltError(complaintIn(complaint) || `sqlite3 ended with ${status}`);
}

/** sqlite3(1) writes an array of objects, each on a line of its own. */
function rowIn(line: string): SqlRow {
  return JSON.parse(line.replace(/^\[/, '').replace(/(,|\])$/, ''));
}

/** Its first line, without what the program says of itself. */
function complaintIn(text: string): string {
  const [first = ''] = text.split('\n');
  return first
    .replace(/^(Parse error|Runtime error|Error): /, '')
    .replace(/^(in prepare, |stepping, |line \d+: )/, '')
    .replace(/ \(\d+\)$/, '')
    .trim();
}
