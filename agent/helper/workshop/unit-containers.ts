// The server's side of the workshop: containers that run in its unit.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { ImageError, WaltError } from '../../errors.ts';
import type { Output, ShellProcess } from '../../host/processes/shell-process.ts';
import type { Containers, ImageContainer } from '../../images/workshop/containers.ts';
import { linesOf, sendLine } from '../json-lines.ts';
import { insideOf } from '../paths.ts';
import { brokenOff, reachHelper } from '../reach.ts';
import type { ShellInput, WorkshopAnswer, WorkshopRequest } from './messages.ts';

/** Pieces of output that may wait. */
const MOST_WAITING = 16;

/**
 * @param socket path of the workshop's socket
 * @param state folder of the server's state, as the configuration has it, without links
 */
export function unitContainers(socket: string, state: string): Containers {
  return {
    open: async (work) => {
      await ask(socket, { verb: 'open', work: insideOf(state, work) });
      return containerIn(work, { socket, state });
    },
    makeRunnable: async (architecture) => {
      await ask(socket, { verb: 'make-runnable', architecture });
    },
    endLeftovers: async () => {
      await ask(socket, { verb: 'end-leftovers' });
    },
    copyFromDaemon: async (daemon, { name, layout }) => {
      await ask(socket, {
        verb: 'copy-from-daemon',
        daemon,
        name,
        layout: insideOf(state, layout),
      });
    },
  };
}

type Place = { readonly socket: string; readonly state: string };

function containerIn(folder: string, { socket, state }: Place): ImageContainer {
  const work = insideOf(state, folder);
  const inside = (path: string) => insideOf(state, path);
  return {
    from: async (layout) => {
      await ask(socket, { verb: 'from', work, layout: inside(layout) });
    },
    provide: async (layout, name) =>
      String(await ask(socket, { verb: 'provide', work, layout: inside(layout), name })),
    build: async (context, { architecture, onLine }) => {
      await ask(socket, { verb: 'build', work, context, architecture }, onLine);
    },
    copy: async (source, target) => {
      await ask(socket, { verb: 'copy', work, source, target });
    },
    architecture: async () => String(await ask(socket, { verb: 'architecture', work })),
    startShell: ({ program, terminal }) =>
      startShell(socket, { verb: 'shell', work, program: [...program], terminal }),
    settle: async (program) =>
      String(await ask(socket, { verb: 'settle', work, program: [...program] })),
    mark: async () => String(await ask(socket, { verb: 'mark', work })),
    hasChangedSince: async (mark) =>
      (await ask(socket, { verb: 'has-changed', work, mark })) !== false,
    commit: async (layout, { squash = false } = {}) => {
      await ask(socket, { verb: 'commit', work, layout: inside(layout), squash });
    },
    close: async () => {
      await ask(socket, { verb: 'close', work });
    },
  };
}

/** @returns the result @throws {ImageError | WaltError} with the reason, also where nobody answers */
async function ask(
  path: string,
  request: WorkshopRequest,
  onLine: (line: string) => void = () => undefined,
): Promise<string | boolean | null> {
  const socket = await reach(path, request);
  try {
    for await (const line of linesOf(socket)) {
      const answer: WorkshopAnswer = JSON.parse(line);
      if ('line' in answer) onLine(answer.line);
      else if ('error' in answer) throw errorOf(answer);
      else if ('result' in answer) return answer.result;
    }
  } finally {
    socket.destroy();
  }
  throw brokenOff('workshop');
}

/** Returns once it runs. @throws {WaltError} if it cannot be started */
async function startShell(path: string, request: WorkshopRequest): Promise<ShellProcess> {
  const socket = await reach(path, request);
  const lines = linesOf(socket);
  const { value: first } = await lines.next();
  const answer: WorkshopAnswer | undefined = first && JSON.parse(first);
  if (answer === undefined || 'error' in answer) {
    socket.destroy();
    throw answer === undefined ? brokenOff('workshop') : errorOf(answer);
  }
  return attended(socket, lines);
}

function attended(socket: Socket, lines: AsyncGenerator<string>): ShellProcess {
  const output = new PassThrough({ objectMode: true, highWaterMark: MOST_WAITING });
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  let status: number | null = null;
  const read = async () => {
    for await (const line of lines) {
      const answer: WorkshopAnswer = JSON.parse(line);
      if ('status' in answer) status = answer.status;
      if (!('output' in answer)) continue;
      const { isError } = answer;
      const piece: Output = { bytes: Buffer.from(answer.output, 'base64'), isError };
      if (!output.write(piece)) await once(output, 'drain');
    }
  };
  read().finally(() => {
    output.end();
    socket.destroy();
    resolve(status);
  });
  const send = (input: ShellInput) => sendLine(socket, input);
  return {
    output,
    ended,
    write: (bytes) => Promise.race([send({ input: bytes.toString('base64') }), ended]),
    endInput: () => void send({ isEnd: true }),
    resize: ({ columns, rows }) => send({ columns, rows }),
    end: async () => {
      // Nobody reads any more: a program that waits for its output to be taken would never end.
      output.resume();
      socket.end();
      await ended;
    },
  };
}

async function reach(path: string, request: WorkshopRequest): Promise<Socket> {
  const socket = await reachHelper('workshop', path);
  await sendLine(socket, request);
  return socket;
}

function errorOf({ error, isOfImage }: { readonly error: string; readonly isOfImage: boolean }) {
  return isOfImage ? new ImageError(error) : new WaltError(error);
}
