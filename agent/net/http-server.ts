// Boot files over HTTP, on walt-net only. No decision is taken here.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileOutcome } from '../handlers/find-file.ts';
import { listen, type RunningServer } from './running-server.ts';

export type HttpTransfer = {
  readonly mac: string;
  readonly path: string;
  readonly bytes: number;
  readonly ms: number;
  readonly outcome: 'complete' | 'aborted' | 'not-found' | 'refused';
};

type Options = {
  readonly address: string;
  readonly port: number;
  /** @param path decoded; undefined result: the path is none of a boot file */
  readonly handler: (path: string, address: string) => Promise<FileOutcome | undefined>;
  readonly onTransfer: (transfer: HttpTransfer) => void;
  readonly onProblem: (reason: unknown) => void;
};

const WELCOME = 'WalT server HTTP service\n';

/** @throws the error of `listen` if the port is taken or the address is not of this machine */
export async function startHttpServer(options: Options): Promise<RunningServer> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(request, response, options).catch((reason: unknown) => {
      response.destroy();
      options.onProblem(reason);
    });
  });
  const port = await listen(server, options);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: Options,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, '');
  const path = decodedPath(request.url ?? '/');
  if (path === undefined) return end(response, 400, '');
  if (path === '/') return end(response, 200, WELCOME);
  const started = performance.now();
  const outcome = await options.handler(path, request.socket.remoteAddress ?? '');
  if (outcome === undefined) return end(response, 404, '');
  const { found, device } = outcome;
  const sent = await send(request, response, found);
  if (device === undefined) return;
  const ms = Math.round(performance.now() - started);
  options.onTransfer({ mac: device.mac, path: path.replace(/^\/(boot\/)?/, ''), ms, ...sent });
}

/**
 * A refusal has an empty body: some boot loaders run whatever they receive. GRUB knows the names of headers only as they
 * are written here, and waits half a minute for the end of a file of unknown length.
 */
async function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: FileOutcome['found'],
): Promise<Pick<HttpTransfer, 'bytes' | 'outcome'>> {
  if (found.kind === 'not-found' || found.kind === 'refused') {
    end(response, found.kind === 'refused' ? 403 : 404, '');
    return { bytes: 0, outcome: found.kind };
  }
  const length = found.kind === 'bytes' ? found.bytes.length : found.size;
  response.writeHead(200, {
    'Content-Length': length,
    'Content-Type': 'application/octet-stream',
  });
  if (request.method === 'HEAD') {
    response.end();
    return { bytes: 0, outcome: 'complete' };
  }
  if (found.kind === 'bytes') {
    response.end(found.bytes);
    return { bytes: length, outcome: 'complete' };
  }
  const file = createReadStream(found.path, { highWaterMark: 1 << 20 });
  try {
    await pipeline(file, response);
    return { bytes: file.bytesRead, outcome: 'complete' };
  } catch {
    // The client went away; what it got is recorded, and it will ask again.
    return { bytes: file.bytesRead, outcome: 'aborted' };
  }
}

function end(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Length': Buffer.byteLength(body),
    'Content-Type': 'text/plain',
  });
  response.end(body);
}

/** @returns undefined if the URL is malformed */
function decodedPath(url: string): string | undefined {
  const [path = ''] = url.split('?');
  try {
    return decodeURIComponent(path);
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}
