// HTTP on loopback as servers of git repositories speak it: below /smart/ git's own program answers (git-http-backend, CGI of
// RFC 3875), all else are plain files, as the oldest servers have them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

const SMART = '/smart/';

/** @param folder with bare repositories and other files @returns the URL of the folder */
export async function startGitServer(t: ExecutionContext, folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    if (pathname.startsWith(SMART)) return answerSmart(request, { response, folder });
    createReadStream(join(folder, pathname))
      .once('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerSmart(
  request: IncomingMessage,
  { response, folder }: { readonly response: ServerResponse; readonly folder: string },
): void {
  const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
  const { 'content-type': type = '', 'content-encoding': encoding = '' } = request.headers;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname.slice(SMART.length - 1),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method ?? '',
      CONTENT_TYPE: type,
      HTTP_CONTENT_ENCODING: encoding,
      GIT_PROTOCOL: `${request.headers['git-protocol'] ?? ''}`,
    },
  });
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.once('close', () => answerAsCgi(response, Buffer.concat(parts)));
}

function answerAsCgi(response: ServerResponse, answer: Buffer): void {
  const end = answer.indexOf('\r\n\r\n');
  const headers = answer
    .toString('latin1', 0, end)
    .split('\r\n')
    .map((line) => line.split(': ') as [string, string]);
  const { Status = '200', ...others } = Object.fromEntries(headers);
  response.writeHead(Number.parseInt(Status, 10), others).end(answer.subarray(end + 4));
}
