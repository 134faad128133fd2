// Takes the requests of the server: one a connection, one after the other. Who may connect is decided by the mode of the socket.
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf, WaltError } from '../errors.ts';
import {
  type HelperAnswer,
  type HelperRequest,
  LONGEST_REQUEST,
  parseRequest,
} from './requests.ts';

const MOST_CONNECTIONS = 64;
const PATIENCE_MS = 10_000;
/** A mount takes a second; what takes that long waits for a device or a process that never answers. */
const JOB_MS = 120_000;

type Options = {
  readonly perform: (request: HelperRequest) => Promise<HelperAnswer>;
  readonly print: (line: string) => void;
  /** Called whenever nobody is connected any more. */
  readonly onQuiet?: () => void;
  /** milliseconds that a request may take to arrive */
  readonly patienceMs?: number;
  /** milliseconds that the work for a request may take */
  readonly jobMs?: number;
  /**
   * Called when it took longer, behind the answer: what hangs cannot be taken back, and no other work may begin beside it. The next
   * process begins anew.
   */
  readonly onHanging: () => void;
};

/** A server that listens nowhere yet. */
export function helperServer(options: Options): Server {
  const { onQuiet = () => undefined } = options;
  let last: Promise<unknown> = Promise.resolve();
  // Mounts look for a free device: two at once would find the same one.
  const inTurn: InTurn['inTurn'] = (job) => {
    const turn = last.then(job);
    last = turn.catch(() => undefined);
    return turn;
  };
  const connections = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      if (connections.size === 0) onQuiet();
    });
    // One that goes away has no wish any more.
    socket.on('error', () => undefined);
    void attend(socket, { ...options, inTurn });
  });
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

type InTurn = { readonly inTurn: (job: () => Promise<HelperAnswer>) => Promise<HelperAnswer> };

async function attend(socket: Socket, options: Options & InTurn): Promise<void> {
  const { perform, print, inTurn, patienceMs = PATIENCE_MS, jobMs = JOB_MS } = options;
  const deadline = setTimeout(() => socket.destroy(), patienceMs);
  const line = await firstLine(socket);
  clearTimeout(deadline);
  if (line === undefined) {
    socket.destroy();
    return;
  }
  const request = parseRequest(line);
  if (request === undefined) {
    print('refuses what is no request');
    return end(socket, { reason: 'the helper knows no such request' });
  }
  const { promise: late, reject } = Promise.withResolvers<never>();
  const job = () => {
    const deadline = setTimeout(() => {
      socket.once('close', options.onHanging);
      reject(new WaltError(`${request.verb} takes longer than ${jobMs / 1000} s: the helper ends`));
    }, jobMs);
    return perform(request).finally(() => clearTimeout(deadline));
  };
  const done = await Promise.race([inTurn(job), late]).catch((thrown: unknown) => {
    const reason = messageOf(thrown);
    print(`${request.verb} failed: ${reason}`);
    return { reason };
  });
  end(socket, done);
}

function end(socket: Socket, text: HelperAnswer): void {
  socket.end(`${JSON.stringify(text)}\n`);
  // Whoever stays connected has no part in it.
  socket.destroySoon();
}

/** Undefined where the connection ends before the line does, or the line is too long. */
async function firstLine(socket: Socket): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    // The iterator would end the connection, on which an answer is to go.
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
      const piece = bytes as Buffer;
      const at = piece.indexOf('\n');
      pieces.push(at < 0 ? piece : piece.subarray(0, at));
      length += pieces.at(-1)?.length ?? 0;
      if (length > LONGEST_REQUEST) return undefined;
      if (at >= 0) return Buffer.concat(pieces).toString();
    }
  } catch {
    return undefined;
  }
  return undefined;
}
