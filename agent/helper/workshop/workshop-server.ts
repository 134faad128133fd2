// Runs the containers of the server: at a socket, a request for each connection. A server that is gone wants nothing any more: what
// it had under way is ended.
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { ImageError, messageOf, WaltError } from '../../errors.ts';
import { giveBack } from '../../host/folders/state-owner.ts';
import type { ShellProcess } from '../../host/processes/shell-process.ts';
import type { Containers, ImageContainer } from '../../images/workshop/containers.ts';
import { sendLine } from '../json-lines.ts';
import { lineServer } from '../line-server.ts';
import { giveAllWork, giveWork } from './give-work.ts';
import {
  type ContainerRequest,
  parseRequest,
  parseShellInput,
  type WorkshopAnswer,
  type WorkshopRequest,
} from './messages.ts';

type Options = {
  /** folder of the server's state, without links */
  readonly state: () => Promise<string>;
  readonly containers: Containers;
  readonly print: (line: string) => void;
  /** Called whenever nobody is connected any more, and no container is open. */
  readonly onQuiet?: () => void;
};

/** A server that listens nowhere yet. */
export function workshopServer(options: Options): Server {
  const open = new Map<string, Open>();
  return lineServer({
    answer: (socket, line, lines) => new Visit(socket, { ...options, open }).answer(line, lines),
    isBusy: () => open.size > 0,
    onQuiet: options.onQuiet,
  });
}

/** A container, and what ends its work. */
type Open = { readonly container: ImageContainer; readonly gone: AbortController };

type VisitOptions = Options & {
  /** by their folders of work */
  readonly open: Map<string, Open>;
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
    const request = parseRequest(line);
    if (request === undefined) {
      this.#options.print('refuses what is no request');
      await this.#say({ error: 'the workshop knows no such request', isOfImage: false });
      return;
    }
    try {
      await this.#say(await this.#perform(request, lines));
    } catch (thrown) {
      await this.#say({ error: messageOf(thrown), isOfImage: thrown instanceof ImageError });
    }
  }

  async #perform(request: WorkshopRequest, lines: AsyncGenerator<string>): Promise<WorkshopAnswer> {
    const { containers, open, state } = this.#options;
    switch (request.verb) {
      case 'end-leftovers':
        for (const { gone } of open.values()) gone.abort();
        open.clear();
        await containers.endLeftovers(join(await state(), 'tmp'));
        await giveAllWork(await state());
        return { result: null };
      case 'make-runnable':
        await containers.makeRunnable(request.architecture);
        return { result: null };
      case 'open':
        return await this.#open(request.work);
      case 'copy-from-daemon': {
        const [folder, { daemon, name, layout }] = [await state(), request];
        const gone = new AbortController();
        this.#socket.once('close', () => gone.abort());
        await containers.copyFromDaemon(
          daemon,
          { name, layout: join(folder, layout) },
          gone.signal,
        );
        await giveBack(folder, layout);
        return { result: null };
      }
      default:
        return await this.#within(request, lines);
    }
  }

  async #open(work: string): Promise<WorkshopAnswer> {
    const { containers, open, state } = this.#options;
    const gone = new AbortController();
    const container = await containers.open(join(await state(), work), gone.signal);
    open.set(work, { container, gone });
    return { result: null };
  }

  async #within(request: ContainerRequest, lines: AsyncGenerator<string>): Promise<WorkshopAnswer> {
    const { containers, open, state } = this.#options;
    const { work } = request;
    const held = open.get(work);
    if (held === undefined && request.verb === 'close') {
      // An earlier workshop, which was killed, had it open.
      await containers.endLeftovers(join(await state(), work));
      await giveWork(await state(), work);
      return { result: null };
    }
    if (held === undefined) throw new WaltError(`No container is open in ${work}`);
    const { container } = held;
    if (request.verb === 'shell') {
      const { program, terminal } = request;
      const shell = await container.startShell({ program, terminal });
      await this.#say({ result: null });
      return await this.#attend(shell, lines);
    }
    if (request.verb === 'close') open.delete(work);
    const folder = await state();
    let isOver = false;
    const asked = this.#ask(request, { container, folder }).finally(() => {
      isOver = true;
    });
    const abandon = async () => {
      if (isOver) return;
      held.gone.abort();
      await containers.endLeftovers(join(folder, work));
      await asked.catch(() => undefined);
      await container.close();
      await giveWork(folder, work);
      if (open.get(work) === held) open.delete(work);
    };
    // Nobody says anything more: this tells that the connection has ended.
    lines
      .next()
      .then(abandon)
      .catch((reason) => this.#options.print(`${work}: ${messageOf(reason)}`));
    return { result: await asked };
  }

  async #ask(
    request: Exclude<ContainerRequest, { verb: 'shell' }>,
    { container, folder }: { readonly container: ImageContainer; readonly folder: string },
  ): Promise<string | boolean | null> {
    switch (request.verb) {
      case 'from':
        await container.from(join(folder, request.layout));
        return null;
      case 'provide':
        return await container.provide(join(folder, request.layout), request.name);
      case 'build': {
        const onLine = (line: string) => void this.#say({ line });
        await container.build(request.context, { architecture: request.architecture, onLine });
        return null;
      }
      case 'copy':
        await container.copy(request.source, request.target);
        return null;
      case 'architecture':
        return await container.architecture();
      case 'settle':
        return await container.settle(request.program);
      case 'mark':
        return await container.mark();
      case 'has-changed':
        return await container.hasChangedSince(request.mark);
      case 'commit':
        await container.commit(join(folder, request.layout), { squash: request.squash });
        await giveBack(folder, request.layout);
        return null;
      case 'close':
        await container.close();
        await giveWork(folder, request.work);
        return null;
    }
  }

  /** Somebody works in a shell: it ends with the connection. */
  async #attend(shell: ShellProcess, lines: AsyncGenerator<string>): Promise<WorkshopAnswer> {
    const gone = this.#typed(shell, lines);
    gone.then(() => shell.end()).catch((reason) => this.#options.print(messageOf(reason)));
    for await (const { bytes, isError } of shell.output) {
      await this.#say({ output: bytes.toString('base64'), isError });
    }
    return { status: await shell.ended };
  }

  /** Resolves when nobody is there any more. */
  async #typed(shell: ShellProcess, lines: AsyncGenerator<string>): Promise<void> {
    for await (const line of lines) {
      const input = parseShellInput(line);
      if (input === undefined) return;
      if ('input' in input) await shell.write(Buffer.from(input.input, 'base64'));
      else if ('isEnd' in input) shell.endInput();
      else shell.resize(input);
    }
  }

  async #say(answer: WorkshopAnswer): Promise<void> {
    await sendLine(this.#socket, answer);
  }
}
