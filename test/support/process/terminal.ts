// Runs a command on a terminal of its own, made by script(1), as a person would.
import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

export const CTRL_C = '\x03';
export const CTRL_D = '\x04';

/** A line that is typed; a single control character, without return; or what is done instead. */
type Typed = string | ((terminal: ChildProcess) => void);

/** @param lines typed one by one, each when the command has asked (its output ends with a prompt) */
export async function runOnTerminal(
  command: string,
  {
    lines,
    env,
  }: { readonly lines: readonly Typed[]; readonly env: Readonly<Record<string, string>> },
): Promise<{ code: number | null; out: string }> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 180_000,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let answered = 0;
  let typed = '';
  const waiting = [...lines];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    const shown = stripVTControlCharacters(out);
    if (shown.length === answered || !/[\]?#$:>] $/.test(shown)) return;
    // Half of what was typed, as the terminal shows it, may end as a prompt does.
    if (typed.startsWith(shown.slice(answered))) return;
    const line = waiting.shift();
    if (line === undefined) return;
    answered = shown.length;
    typed = typeof line === 'string' ? line : '';
    if (typeof line === 'function') return line(child);
    child.stdin.write([CTRL_C, CTRL_D].includes(line) ? line : `${line}\n`);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}
