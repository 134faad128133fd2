// How commands and files get into a server machine: by ssh, from the namespace that it is plugged into.
import { posix } from 'node:path';
import type { Namespace } from '../network/namespace.ts';
import { runProgram, succeed } from '../programs/run-program.ts';

/** How a command ended. */
export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A file or a folder, and its path in the VM. */
export type Copy = { readonly from: string; readonly to: string };

/** ssh's own exit code where it could not reach the machine, or lost it. */
export const UNREACHED = 255;

/** ssh as root, with the key of the VM. */
export class WayIn {
  readonly #namespace: Namespace;
  readonly #key: string;
  readonly #host: string;

  constructor(namespace: Namespace, { key, ip }: { readonly key: string; readonly ip: string }) {
    this.#namespace = namespace;
    this.#key = key;
    this.#host = `root@${ip}`;
  }

  /** Runs a shell command. @returns how it ended; `UNREACHED` where there was no way in */
  async run(command: string, { seconds = 300, input = '' } = {}): Promise<Ended> {
    const argv = this.#command('ssh', [this.#host, command]);
    const { code, stdout, stderr } = await runProgram(argv, { seconds, input });
    return { code, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  /** The same, for a command that has to end well. @returns what it printed. @throws {Error} with what it said */
  async succeed(
    command: string,
    options: { readonly seconds?: number; readonly input?: string } = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options);
    if (code === 0) return stdout;
    throw new Error(`In the server machine, ${command} ended with ${code}: ${stdout}${stderr}`);
  }

  /** Copies files, with their modes; what symbolic links point to comes in their place. @throws {Error} with what scp said */
  async copyIn(copies: readonly Copy[]): Promise<void> {
    const folders = [...new Set(copies.map(({ to }) => `'${posix.dirname(to)}'`))];
    await succeed(this.#command('ssh', [this.#host, `mkdir -p ${folders.join(' ')}`]));
    for (const { from, to } of copies) {
      const words = ['-q', '-p', '-r', from, `${this.#host}:${to}`];
      await succeed(this.#command('scp', words), { seconds: 600 });
    }
  }

  /** All machines of the cache's disk have one host key, but no test asks whose it is. */
  #command(program: string, words: readonly string[]): string[] {
    const options = [
      ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'],
      ...['BatchMode=yes', 'ConnectTimeout=60', 'ServerAliveInterval=20'],
    ];
    const all = [...options.flatMap((option) => ['-o', option]), '-i', this.#key];
    return this.#namespace.command([program, '-F', '/dev/null', ...all, ...words]);
  }
}
