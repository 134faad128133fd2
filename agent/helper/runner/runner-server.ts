// Runs for the server what takes the rights of root in the network of walt-net: at a socket, a request for each connection.
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { MachineRunner } from '../../machines/kept/machine-runner.ts';
import { NotInstalledError } from '../../names/dnsmasq.ts';
import type { NameProcess } from '../../names/name-process.ts';
import type { ForwardingSwitch } from '../../net/interface/forwarding.ts';
import { type NfsExport, SHARE_FILES } from '../../nfs/export.ts';
import type { NfsServer, NfsServerOptions } from '../../nfs/server.ts';
import { sendLine } from '../json-lines.ts';
import { lineServer } from '../line-server.ts';
import {
  type NfsOrder,
  type NodeExport,
  parse,
  type RunnerAnswer,
  type RunnerRequest,
} from './messages.ts';

/** What it runs, as the configuration says at this moment, which belongs to root. */
export type RunnerFacts = {
  /** folder of the server's state, without links */
  readonly state: string;
  /** @throws {WaltError} where this machine cannot serve as the configuration says */
  readonly nfs: (onProblem: NfsServerOptions['onProblem']) => Promise<NfsServer>;
  readonly names: () => NameProcess;
  readonly machines: MachineRunner;
  readonly forwarding: ForwardingSwitch;
};

type Options = {
  /** @throws {WaltError} where nothing can be run at present */
  readonly facts: () => Promise<RunnerFacts>;
  readonly print: (line: string) => void;
  /** Called whenever nobody is connected any more. */
  readonly onQuiet?: () => void;
};

/** A server that listens nowhere yet. */
export function runnerServer(options: Options): Server {
  return lineServer({
    answer: (socket, line, lines) => new Visit(socket, options).answer(line, lines),
    onQuiet: options.onQuiet,
  });
}

/** One connection, with its one request. */
class Visit {
  readonly #socket: Socket;
  readonly #options: Options;

  constructor(socket: Socket, options: Options) {
    this.#socket = socket;
    this.#options = options;
  }

  async answer(line: string, lines: AsyncGenerator<string>): Promise<void> {
    const request = parse.request(line);
    if (request === undefined) {
      this.#options.print('refuses what is no request');
      return this.#say({ reason: 'the runner knows no such request' });
    }
    try {
      const facts = await this.#options.facts();
      if (request.verb === 'nfs') await this.#serveNfs(facts, lines);
      else if (request.verb === 'names') await this.#serveNames(facts, lines);
      else this.#say({ result: await perform(request, facts) });
    } catch (thrown) {
      const reason = messageOf(thrown);
      this.#options.print(`${request.verb} failed: ${reason}`);
      this.#say({ reason, isMissing: thrown instanceof NotInstalledError });
    }
  }

  /** NFS goes on when the connection ends; nobody looks after it then. */
  async #serveNfs({ nfs, state }: RunnerFacts, lines: AsyncGenerator<string>): Promise<void> {
    const server = await nfs((problem) => this.#say({ problem }));
    try {
      for await (const line of lines) {
        const order = parse.nfsOrder(line);
        if (order === undefined) return this.#say({ reason: 'the runner knows no such order' });
        // Orders are answered as they are done: exports that come meanwhile are served together.
        void obey(server, { order, state }).then(
          () => this.#say({ id: order.id, result: null }),
          (thrown) => this.#say({ id: order.id, reason: messageOf(thrown) }),
        );
      }
    } finally {
      server.detach();
    }
  }

  /** The name server ends with the connection. */
  async #serveNames({ names }: RunnerFacts, lines: AsyncGenerator<string>): Promise<void> {
    const process = names();
    await process.start();
    this.#say({ result: null });
    let isStopped = false;
    void process.ended().then(() => {
      if (isStopped) return;
      const reason = process.reason();
      this.#say({ ended: reason.message, isMissing: reason instanceof NotInstalledError });
      this.#socket.end();
    });
    let signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM';
    for await (const line of lines) {
      const order = parse.namesOrder(line);
      if (order === undefined) break;
      if (order.order === 'stop') {
        signal = order.signal;
        break;
      }
      process.reload();
    }
    isStopped = true;
    await process.stop(signal);
  }

  #say(answer: RunnerAnswer): void {
    void sendLine(this.#socket, answer);
  }
}

type Once = Exclude<RunnerRequest, { verb: 'nfs' | 'names' }>;

async function perform(request: Once, { machines, forwarding }: RunnerFacts): Promise<unknown> {
  switch (request.verb) {
    case 'start-machine':
      await machines.start(request.plan, request.accelerator);
      return null;
    case 'end-machine':
      await machines.end(request.mac);
      return null;
    case 'complaint-about-networks':
      return (await machines.complaintAboutNetworks(request.networks)) ?? null;
    case 'accelerator':
      return await machines.accelerator();
    case 'forwarding':
      return (await turn(forwarding, request.turn)) ?? null;
  }
}

function turn(forwarding: ForwardingSwitch, how: 'was-on' | 'on' | 'put-back') {
  if (how === 'was-on') return forwarding.wasOn();
  return how === 'on' ? forwarding.on() : forwarding.putBack();
}

type Told = { readonly order: NfsOrder; readonly state: string };

async function obey(server: NfsServer, { order, state }: Told): Promise<void> {
  switch (order.order) {
    case 'start':
      return await server.start();
    case 'apply':
      return await server.apply(order.exports.map((each) => absolute(state, each)));
    case 'stop':
      return await server.stop();
  }
}

function absolute(state: string, { ip, mac, image, share }: NodeExport): NfsExport {
  const imagePath = join(state, image);
  if (share === undefined) return { ip, mac, imagePath };
  const disk = join(state, share.disk);
  return { ip, mac, imagePath, share: { path: join(disk, SHARE_FILES), disk, uid: share.uid } };
}
