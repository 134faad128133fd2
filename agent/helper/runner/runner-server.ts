// Runs for the server what takes the rights of root in the network of walt-net: at a socket, a request for each connection.
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { LineOpener, OpenLine } from '../../consoles/open-line.ts';
import { messageOf, WaltError } from '../../errors.ts';
import type { FileMemory } from '../../hot/resident-files.ts';
import type { MachineRunner } from '../../machines/kept/machine-runner.ts';
import { NotInstalledError } from '../../names/dnsmasq.ts';
import type { NameProcess } from '../../names/name-process.ts';
import type { ForwardingSwitch } from '../../net/interface/forwarding.ts';
import { type NfsExport, SHARE_FILES } from '../../nfs/export.ts';
import type { NfsServer, NfsServerOptions } from '../../nfs/server.ts';
import { PowerRefused } from '../../power/driver.ts';
import { type From, runPowerProgram } from '../../power/power-program.ts';
import { sendLine } from '../json-lines.ts';
import { lineServer } from '../line-server.ts';
import {
  type NfsOrder,
  type NodeExport,
  parse,
  type RunnerAnswer,
  type RunnerRequest,
} from './messages.ts';
import { requireMounted, sortMounted } from './mounted-places.ts';

/** A line of an answer has so many. */
const MOST_FILES = 1000;
/** Each switches one board. */
const MOST_PROGRAMS = 256;

/** What it runs, as the configuration says at this moment, which belongs to root. */
export type RunnerFacts = {
  /** folder of the server's state, without links */
  readonly state: string;
  /** @throws {WaltError} where this machine cannot serve as the configuration says */
  readonly nfs: (onProblem: NfsServerOptions['onProblem']) => Promise<NfsServer>;
  readonly names: () => NameProcess;
  readonly machines: MachineRunner;
  readonly forwarding: ForwardingSwitch;
  readonly openLine: LineOpener;
  readonly fileMemory: FileMemory;
  /** `power.command` of the configuration */
  readonly powerProgram: string | undefined;
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
  const programs = { running: 0 };
  return lineServer({
    answer: (socket, line, lines) =>
      new Visit(socket, { ...options, programs }).answer(line, lines),
    onQuiet: options.onQuiet,
  });
}

type VisitOptions = Options & {
  /** for power, of all connections, also of those that have ended */
  readonly programs: { running: number };
};

/** One connection, with its one request. */
class Visit {
  readonly #socket: Socket;
  readonly #options: VisitOptions;

  constructor(socket: Socket, options: VisitOptions) {
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
      else if (request.verb === 'open-line') await this.#serveLine(request, { facts, lines });
      else if (request.verb === 'resident-files') await this.#sayResident(request, facts);
      else if (request.verb === 'power-program') await this.#runPower(request, facts);
      else this.#say({ result: await perform(request, facts) });
    } catch (thrown) {
      const reason = messageOf(thrown);
      this.#options.print(`${request.verb} failed: ${reason}`);
      const isRefused = thrown instanceof PowerRefused;
      this.#say({ reason, isRefused, isMissing: thrown instanceof NotInstalledError });
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

  /** It is closed with the connection. */
  async #serveLine(line: Of<'open-line'>, { facts, lines }: Within): Promise<void> {
    const open = await facts.openLine(line);
    this.#socket.once('close', () => open.close());
    this.#say({ result: open.file });
    const typing = this.#typeTo(open, lines);
    try {
      for await (const bytes of open.bytes) {
        await sendLine(this.#socket, { output: Buffer.from(bytes).toString('base64') });
      }
    } finally {
      open.close();
      this.#socket.end();
      await typing;
    }
  }

  async #typeTo(open: OpenLine, lines: AsyncGenerator<string>): Promise<void> {
    try {
      for await (const line of lines) {
        const input = parse.lineInput(line);
        if (input === undefined) break;
        await open.write(Buffer.from(input.input, 'base64'));
      }
    } catch {
      // The line is gone: whoever reads it is told.
    }
    open.close();
  }

  async #sayResident({ image }: { readonly image: string }, facts: RunnerFacts): Promise<void> {
    const root = join(facts.state, image);
    await requireMounted(facts.state, root);
    const files = [...(await facts.fileMemory.resident(root))];
    for (let at = 0; at < files.length; at += MOST_FILES) {
      await sendLine(this.#socket, { files: files.slice(at, at + MOST_FILES) });
    }
    this.#say({ result: null });
  }

  async #runPower({ args, seconds }: Of<'power-program'>, facts: RunnerFacts): Promise<void> {
    const { powerProgram } = facts;
    if (powerProgram === undefined) throw new WaltError('the configuration names no power.command');
    const { programs } = this.#options;
    if (programs.running >= MOST_PROGRAMS) {
      throw new PowerRefused(`${MOST_PROGRAMS} runs of ${powerProgram} have not ended yet`);
    }
    const onLine = (line: string, from: From) => this.#say({ line, from });
    programs.running += 1;
    try {
      this.#say({ result: await runPowerProgram(powerProgram, args, { seconds, onLine }) });
    } finally {
      programs.running -= 1;
    }
  }

  #say(answer: RunnerAnswer): void {
    void sendLine(this.#socket, answer);
  }
}

type Of<Verb extends RunnerRequest['verb']> = Extract<RunnerRequest, { verb: Verb }>;
type Within = { readonly facts: RunnerFacts; readonly lines: AsyncGenerator<string> };
type Once = Exclude<
  RunnerRequest,
  { verb: 'nfs' | 'names' | 'open-line' | 'power-program' | 'resident-files' }
>;

async function perform(request: Once, facts: RunnerFacts): Promise<unknown> {
  const { machines, forwarding } = facts;
  switch (request.verb) {
    case 'evict-files': {
      const root = join(facts.state, request.image);
      await requireMounted(facts.state, root);
      await facts.fileMemory.evict(root);
      return null;
    }
    case 'start-machine':
      await machines.start(request.plan, request.accelerator);
      return null;
    case 'end-machine':
      await machines.end(request.mac);
      return null;
    case 'is-machine-running':
      return await machines.isRunning(request.mac);
    case 'plug-in-machines':
      return await machines.plugIn();
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
    case 'apply': {
      const exports = order.exports.map((each) => absolute(state, each));
      const { mounted, refused } = await sortMounted(state, exports);
      await server.apply(mounted);
      if (refused.length > 0) throw new WaltError(refused.join('\n'));
      return;
    }
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
