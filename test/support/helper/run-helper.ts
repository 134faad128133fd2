// The helper in this process, at a socket of its own: what a unit of systemd is to a server.
import { once } from 'node:events';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { helperMounter } from '../../../agent/helper/helper-mounter.ts';
import { helperServer } from '../../../agent/helper/helper-server.ts';
import { type HelperFacts, perform } from '../../../agent/helper/perform.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Runs it until the test is over. @returns its socket, who asks it, and what it printed so far */
export async function runHelper(t: ExecutionContext, facts: HelperFacts, patienceMs = 10_000) {
  const socket = join(await temporaryFolder(t), 'host.sock');
  const printed: string[] = [];
  const server = helperServer({
    perform: (request) => perform(request, facts),
    print: (line) => printed.push(line),
    onHanging: () => t.fail('the helper hangs'),
    patienceMs,
  });
  server.listen(socket);
  await once(server, 'listening');
  t.teardown(() => server.close());
  return { socket, server, printed, mounter: helperMounter(socket, facts.state) };
}
