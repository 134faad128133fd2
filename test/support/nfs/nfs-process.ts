// Starts nfs-host.ts in a namespace and speaks with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../../lab/network/namespace.ts';
import type { Answer, Order } from './nfs-host.ts';

const HOST = fileURLToPath(new URL('nfs-host.ts', import.meta.url));

export class NfsProcess {
  readonly problems: string[] = [];
  /** with whose they are */
  readonly limits = new Set<string>();
  readonly #child: ChildProcess;
  #nextId = 1;

  constructor(
    namespace: Pick<Namespace, 'command'>,
    { address, folder }: { address: string; folder: string },
  ) {
    const argv = namespace.command([process.execPath, HOST, address, folder]);
    this.#child = spawn(argv[0] ?? '', argv.slice(1), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (answer: Answer) => {
      if (answer.kind === 'problem') this.problems.push(answer.message);
      if (answer.kind === 'limit') this.limits.add(answer.limit);
    });
  }

  /** Fulfilled with the milliseconds it took; rejected with what the server threw. */
  tell(order: Order): Promise<number> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const listen = (answer: Answer) => {
        if (answer.kind === 'problem' || answer.kind === 'limit' || answer.id !== id) return;
        this.#child.off('message', listen);
        if (answer.kind === 'done') resolve(answer.ms);
        else reject(new Error(answer.message));
      };
      this.#child.on('message', listen);
      this.#child.send({ id, order });
    });
  }

  /** Keeps it from running while `work` does. */
  async whileStopped(work: () => Promise<void>): Promise<void> {
    this.#child.kill('SIGSTOP');
    await work();
    this.#child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
