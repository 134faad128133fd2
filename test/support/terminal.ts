// Runs a command on a terminal of its own, made by script(1), as a person would.
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** @param input typed as soon as the command asks (a line that ends without a newline) */
export async function runOnTerminal(
  command: string,
  { input, env }: { readonly input: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ code: number | null; out: string }> {
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let rest = input;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (rest === '' || !/[\]?#$:] $/.test(stripVTControlCharacters(out))) return;
    child.stdin.write(rest);
    rest = '';
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}
