/** Two network namespaces with a cable between them: one for the servers, one for the clients. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram, succeed } from '../programs/run-program.ts';
import { ip } from './ip.ts';

/** A rack of machines, each with an address of its own on this cable: 250 of a network, as `bench/tftp/clients.c` counts them. */
const RACK = Array.from(
  { length: 500 },
  (_, at) => `10.99.${64 + Math.floor(at / 250)}.${1 + (at % 250)}`,
);
const RACK_NETWORK = '10.99.64.0/18';
/** A card of a locally administered address (IEEE 802) that nobody has. */
const RACK_CARD = '02:00:00:00:00:02';

/** A program that serves. */
export type Running = { stop(): Promise<void> };

/** Both hosts, from `open()` to `close()`. The programs of each have a processor of their own. */
export class TwoHosts {
  readonly #servers = `walt-b${process.pid}s`;
  readonly #clients = `walt-b${process.pid}c`;
  readonly #children = new Set<ChildProcess>();
  #opening: Promise<void> | undefined;
  #isClosed = false;

  /**
   * Each program that serves has an address of its own, so that all can have the same port.
   * @param prefix length of the network's
   */
  open(addresses: readonly string[], { prefix = 18 } = {}): Promise<void> {
    this.#opening = this.#open(addresses, prefix);
    return this.#opening;
  }

  /** From then on everything that is asked fails, which says nothing of any program. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Starts a program that serves, on the first processor. */
  async serve(argv: readonly string[]): Promise<Running> {
    const { child, exited } = this.#start(inside(this.#servers, 0, argv), 'ignore');
    await once(child, 'spawn');
    return {
      async stop() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  /** What a client on the second processor prints; throws where it fails or takes longer than `seconds`. */
  async ask(argv: readonly string[], seconds: number): Promise<string> {
    const { child, exited } = this.#start(inside(this.#clients, 1, argv), 'pipe');
    let said = '';
    let complaint = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-1000);
    });
    child.stdout?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const [code] = await exited.finally(() => clearTimeout(timer));
    if (code === 0) return said;
    throw new Error(`${argv[0]} ended with ${code ?? `SIGKILL, after ${seconds} s`}: ${complaint}`);
  }

  /** Ends everything that runs on the hosts, and takes them down; nothing can be started any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => undefined);
    for (const child of this.#children) child.kill('SIGKILL');
    for (const host of [this.#clients, this.#servers]) {
      for (let tries = 0; tries < 20 && !(await isGone(host)); tries += 1) await sleep(100);
    }
  }

  async #open(addresses: readonly string[], prefix: number): Promise<void> {
    const [servers, clients] = [this.#servers, this.#clients];
    await ip('netns', 'add', servers);
    await ip('netns', 'add', clients);
    const peer = ['peer', 'name', 'cable', 'netns', clients];
    await ip('link', 'add', 'cable', 'netns', servers, 'type', 'veth', ...peer);
    for (const host of [servers, clients]) {
      await ip('-n', host, 'link', 'set', 'lo', 'up');
      await ip('-n', host, 'link', 'set', 'cable', 'up');
    }
    for (const address of addresses) {
      await ip('-n', servers, 'address', 'add', `${address}/${prefix}`, 'dev', 'cable');
    }
    await ip('-n', clients, 'address', 'add', `10.99.1.1/${prefix}`, 'dev', 'cable');
    // They are all on one host, where a program reads from the cable what comes for them. It goes to a card that is not there: a kernel
    // that took it would tell the server that nobody listens, or look for a way on, all of which the processor of the server does.
    await ip('-n', servers, 'route', 'add', RACK_NETWORK, 'dev', 'cable');
    const known = RACK.map((each) => `neigh add ${each} lladdr ${RACK_CARD} dev cable\n`).join('');
    await succeed(['ip', '-n', servers, '-batch', '-'], { input: known, isDetached: true });
  }

  #start([file = '', ...args]: readonly string[], output: 'ignore' | 'pipe') {
    if (this.#isClosed) throw new Error(`Cannot start ${args.at(-1)}: the hosts are closed`);
    const child = spawn(file, args, {
      stdio: ['ignore', output, output === 'pipe' ? 'pipe' : 'inherit'],
    });
    this.#children.add(child);
    const exited = once(child, 'close').finally(() => this.#children.delete(child));
    return { child, exited };
  }
}

/** Kills what runs there and takes the host down, which fails while something still ends. */
async function isGone(host: string): Promise<boolean> {
  const { stdout } = await runProgram(['ip', 'netns', 'pids', host]);
  const pids = stdout.toString().split('\n').filter(Boolean);
  if (pids.length > 0) await runProgram(['kill', '-KILL', ...pids]);
  await runProgram(['ip', 'netns', 'delete', host]);
  return !(await ip('netns', 'list')).split('\n').some((line) => line.split(' ')[0] === host);
}

function inside(host: string, processor: number, argv: readonly string[]): string[] {
  return ['ip', 'netns', 'exec', host, 'taskset', '-c', String(processor), ...argv];
}
