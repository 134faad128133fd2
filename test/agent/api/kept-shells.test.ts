// The calls about shell sessions that are kept, over the socket as `walt` makes them.
import { join } from 'node:path';
import test from 'ava';
import type { ImportLine, KeptShellsReply } from '../../../agent/api/types.ts';
import { type Client, createClient } from '../../../agent/cli/client.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { makeShellImage } from '../../support/images/shell-image.ts';
import { startTestPlatform } from '../cli/test-platform.ts';

/** Opens a shell, runs a script in it and leaves. @returns id of the session */
async function visit(client: Client, path: string, body: object, script: string): Promise<string> {
  for await (const line of client.lines<ImportLine>(path, { hasTerminal: false, ...body })) {
    if (line.kind === 'failed') throw new Error(line.error);
    if (line.kind !== 'shell') continue;
    const quoted = line.command.map((word) => `'${word}'`).join(' ');
    await runProgram(['sh', '-c', `echo '${script}' | ${quoted}`]);
    return line.id;
  }
  throw new Error('there was no shell');
}

async function kept(client: Client): Promise<KeptShellsReply['shells']> {
  const { shells } = await client.get<KeptShellsReply>('/api/v1/images/shells');
  return shells;
}

/** The server hears a little later that somebody has gone. */
async function someKept(client: Client): Promise<KeptShellsReply['shells']> {
  for (;;) {
    const shells = await kept(client);
    if (shells.length > 0) return shells;
  }
}

test('shell sessions are kept, listed, picked up, saved and dropped by their user alone', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: 'alice/pc', progress: () => undefined });
  const { signal } = new AbortController();
  const as = (user: string) => createClient({ socket: platform.socket, user, signal });
  const [alice, bob] = [as('alice'), as('bob')];

  const id = await visit(alice, '/api/v1/images/shell', { name: 'pc' }, 'echo 1 > /made');
  t.like(await someKept(alice), [{ id, image: 'alice/pc:latest' }]);
  t.deepEqual(await kept(bob), []);
  await t.throwsAsync(bob.post('/api/v1/images/shells/drop', { id }), { message: /is over/ });
  t.is(await visit(alice, '/api/v1/images/shells/resume', { id }, 'echo 2 >> /made'), id);
  await someKept(alice);
  const lines: ImportLine[] = [];
  const body = { id, name: 'new', force: false };
  for await (const line of alice.lines<ImportLine>('/api/v1/images/save', body)) lines.push(line);
  t.deepEqual(lines.at(0), { kind: 'step', text: 'writing the new layer' });
  t.like(lines.at(-1), { kind: 'done', image: { name: 'alice/new:latest' } });
  t.deepEqual(await kept(alice), []);

  const other = await visit(alice, '/api/v1/images/shell', { name: 'pc' }, 'rm /made /bin/ls');
  await someKept(alice);
  t.deepEqual(await alice.post('/api/v1/images/shells/drop', { id: other }), {});
  t.deepEqual(await kept(alice), []);
});
