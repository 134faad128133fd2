// The shells that run now, each with the terminal of whoever is in the session.
import { RequestError, WaltError } from '../../../errors.ts';
import {
  type ShellProcess,
  startShellProcess,
  type Terminal,
  type TerminalSize,
} from '../../../host/processes/shell-process.ts';
import type { OpenShell } from './shells.ts';

/** What somebody is to work in: a program of this machine, or one that is started elsewhere. */
export type Startable = OpenShell | { readonly id: string; readonly command: readonly string[] };

type Run = { readonly user: string; readonly process: ShellProcess };

/** Gives what somebody types to the shell of their session. */
export class ShellRuns {
  readonly #runs = new Map<string, Run>();
  #isStopped = false;

  /**
   * Starts the shell of a session, or another program.
   * @throws {WaltError} if it cannot be started
   */
  async start(
    program: Startable,
    { user, terminal }: { readonly user: string; readonly terminal: Terminal | undefined },
  ): Promise<ShellProcess> {
    if (this.#isStopped) throw new WaltError('Cannot open a shell: the server stops.');
    const process =
      'command' in program
        ? await startShellProcess(program.command, terminal)
        : await program.start(terminal);
    const { id } = program;
    this.#runs.set(id, { user, process });
    if (this.#isStopped) await this.end(id);
    return process;
  }

  /** Ends the shell of a session, if it still runs. */
  async end(id: string): Promise<void> {
    await this.#runs.get(id)?.process.end();
    this.#runs.delete(id);
  }

  /** Ends all shells: nothing holds the containers then. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#runs.keys()].map((id) => this.end(id)));
  }

  /**
   * Resolves when the shell can take more.
   * @throws {RequestError} if no shell of the user's runs in such a session
   */
  async type(id: string, user: string, bytes: Buffer): Promise<void> {
    await this.#process(id, user).write(bytes);
  }

  /** Nothing more is typed. @throws {RequestError} as `type` */
  endInput(id: string, user: string): void {
    this.#process(id, user).endInput();
  }

  /** @throws {RequestError} as `type` */
  resize(id: string, user: string, size: TerminalSize): void {
    this.#process(id, user).resize(size);
  }

  #process(id: string, user: string): ShellProcess {
    const run = this.#runs.get(id);
    if (run?.user === user) return run.process;
    throw new RequestError(404, 'Nobody works in this shell.');
  }
}
