import { join } from 'node:path';
import test from 'ava';
import { failuresOf } from '../../../agent/errors.ts';
import { openStore } from '../../../agent/start/store.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function fail(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

test('failuresOf() names every part that could not be stopped, and the log is on disk all the same', async (t) => {
  const folder = await temporaryFolder(t);
  const services = new AsyncDisposableStack();
  const store = await openStore({ folder, print: () => undefined }, services);
  services.defer(fail('ganesha does not answer'));
  services.defer(async () => fail('the socket is gone')());
  const line = { at: 1, issuer: 'walt-server', stream: 'platform.nodes', line: 'last words' };
  const { written } = store.logs.append(line);
  const thrown: unknown = await services.disposeAsync().catch((reason: unknown) => reason);
  t.deepEqual(failuresOf(thrown), ['the socket is gone', 'ganesha does not answer']);
  await written;
  const again = await openSqliteStore(join(folder, 'walt.db'));
  t.like(await again.logs.read({ limit: 10 }), [{ line: 'last words' }]);
  await again.close();
});

test('failuresOf() names the one failure there is', (t) => {
  t.deepEqual(failuresOf(new Error('disk full')), ['disk full']);
});
