// The calls about shell sessions that are kept, over the socket as `walt` makes them.
import { join } from 'node:path';
import test from 'ava';
import type { ImageLine } from '../../../../agent/api/calls/lines/image-line.ts';
import { type Client, createClient } from '../../../../agent/cli/client.ts';
import { someKept, visitShell } from '../../../support/images/keep-shell.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';

async function kept(client: Client) {
  return (await client.call('images.keptShells')).shells;
}

test('shell sessions are kept, listed, picked up, saved and dropped by their user alone', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeShellImage(join(platform.folder, 'made'));
  await platform.images.import(layout, { name: 'alice/pc', progress: () => undefined });
  const { signal } = new AbortController();
  const as = (user: string) => createClient({ socket: platform.socket, user, signal });
  const [alice, bob] = [as('alice'), as('bob')];

  const id = await visitShell(alice, ['images.shell', { name: 'pc' }], 'echo 1 > /made');
  t.like(await someKept(alice), [{ id, image: 'alice/pc:latest' }]);
  t.deepEqual(await kept(bob), []);
  await t.throwsAsync(bob.call('images.dropShell', { id }), { message: /is over/ });
  t.is(await visitShell(alice, ['images.resumeShell', { id }], 'echo 2 >> /made'), id);
  await someKept(alice);
  const lines: ImageLine[] = [];
  const body = { id, name: 'new', force: false };
  for await (const line of alice.lines('images.save', body)) lines.push(line);
  t.deepEqual(lines.at(0), { kind: 'step', text: 'writing the new layer' });
  t.like(lines.at(-1), { kind: 'done', image: { name: 'alice/new:latest' } });
  t.deepEqual(await kept(alice), []);

  const other = await visitShell(alice, ['images.shell', { name: 'pc' }], 'rm /made /bin/ls');
  await someKept(alice);
  t.deepEqual(await alice.call('images.dropShell', { id: other }), {});
  t.deepEqual(await kept(alice), []);
});
