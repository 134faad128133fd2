/** Two network namespaces with a cable between them: one for the servers, one for the clients. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { $ } from '../../scripts/run.ts';

export type Running = { stop(): Promise<void> };

export class TwoHosts {
  readonly #servers = `walt-b${process.pid}s`;
  readonly #clients = `walt-b${process.pid}c`;

  /** Each program that serves has an address of its own, so that all can have the same port. */
  async open(addresses: readonly string[]): Promise<void> {
    const [servers, clients] = [this.#servers, this.#clients];
    await $`ip netns add ${servers}`;
    await $`ip netns add ${clients}`;
    await $`ip link add cable netns ${servers} type veth peer name cable netns ${clients}`;
    for (const host of [servers, clients]) {
      await $`ip -n ${host} link set lo up`;
      await $`ip -n ${host} link set cable up`;
    }
    for (const address of addresses) {
      await $`ip -n ${servers} address add ${address}/18 dev cable`;
    }
    await $`ip -n ${clients} address add 10.99.1.1/18 dev cable`;
    // A rack of clients, each with an address of its own, all on one host.
    await $`ip -n ${clients} route add local 10.99.64.0/18 dev lo`;
    await $`ip -n ${servers} route add 10.99.64.0/18 via 10.99.1.1`;
  }

  /** Starts a program that serves, on the first processor. */
  async serve(argv: readonly string[]): Promise<Running> {
    const [file = '', ...args] = inside(this.#servers, 0, argv);
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(child, 'spawn');
    const exited = once(child, 'exit');
    return {
      async stop() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  /** What a client on the second processor prints; throws where it fails or takes longer than `seconds`. */
  async ask(argv: readonly string[], seconds: number): Promise<string> {
    const command = inside(this.#clients, 1, argv);
    const { stdout } = await $`${command}`.timeout(`${seconds}s`, 'SIGKILL');
    return stdout;
  }

  async close(): Promise<void> {
    for (const host of [this.#clients, this.#servers]) {
      const { stdout } = await $({ nothrow: true })`ip netns pids ${host}`;
      const pids = stdout.split('\n').filter(Boolean);
      if (pids.length > 0) await $({ nothrow: true })`kill -KILL ${pids}`;
      await $({ nothrow: true })`ip netns delete ${host}`;
    }
  }
}

function inside(host: string, processor: number, argv: readonly string[]): string[] {
  return ['ip', 'netns', 'exec', host, 'taskset', '-c', String(processor), ...argv];
}
