// The calls of WalT 10, by HTTP as its scripts make them.
import test, { type ExecutionContext } from 'ava';
import { onLegacyApi } from '../../../../agent/handlers/files/on-legacy-api.ts';
import { startHttpServer } from '../../../../agent/net/http/server.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';

const NODE = { type: 'node', model: 'rpi-4-b', root: 'x', firstSeen: 1 } as const;

async function serve(t: ExecutionContext) {
  const { registry, store, journal } = await openRecords();
  const place = (n: number) => ({ mac: `52:54:00:00:00:0${n}`, ip: `192.168.152.${n}` });
  await put(registry, { ...NODE, ...place(2), name: 'pi', image: 'alice/pi:latest' });
  const machine = { isOff: false };
  await put(registry, { ...NODE, ...place(3), name: 'vm', image: 'bob/pc:latest', machine });
  const { type: _type, model: _model, root: _root, ...rest } = NODE;
  await put(registry, { ...rest, ...place(4), type: 'unknown', name: 'printer' });
  journal.write({ stream: 'platform.nodes', line: 'one' }, 5_000_000);
  journal.write({ stream: 'daemon.test', line: 'two' }, 6_500_000);
  const image = { digest: 'sha256:aa', created: 7_000_000, models: ['rpi-4-b'], size: 1 };
  const images = ['alice/pi:latest', 'bob/old:latest'].map((name) => ({ ...image, name }));
  const context = {
    ...{ registry, logs: store.logs, isBooted: (mac: string) => mac.endsWith('02') },
    images: { all: () => images as never },
  };
  const server = await startHttpServer({
    ...{ address: '127.0.0.1', port: 0, isServed: () => true, isKnown: () => true },
    handler: (path, _address, asked) => onLegacyApi(path, asked, context),
    ...{ onTransfer: () => undefined, onProblem: (reason) => t.fail(String(reason)) },
    onLimit: () => undefined,
  });
  t.teardown(() => server.close());
  return async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
}

test('nodes, images and log lines have the fields that scripts read', async (t) => {
  const ask = await serve(t);
  const json = async (path: string) => JSON.parse((await ask(path)).text);
  const all = await json('/api/v1/nodes');
  t.is(all.num_nodes, 2);
  t.deepEqual(all.nodes[0], {
    ...{ name: 'pi', model: 'rpi-4-b', virtual: false, image: 'alice/pi:latest', booted: true },
    ...{ ip: '192.168.152.2', mac: '52:54:00:00:00:02', config: {} },
  });
  t.is((await json('/api/v1/nodes?virtual=true')).nodes[0].name, 'vm');
  t.is((await json('/api/v1/nodes?booted=True&model=rpi-4-b')).num_nodes, 1);
  t.is((await json('/api/v1/nodes?name=none')).num_nodes, 0);
  const used = await json('/api/v1/images?in_use=true&refresh=true');
  t.deepEqual(used.images, [
    {
      ...{ fullname: 'alice/pi:latest', user: 'alice', id: 'sha256:aa', in_use: true },
      ...{ created: 7, compatibility: ['rpi-4-b'] },
    },
  ]);
  const logs = await json('/api/v1/logs?from=0&to=10');
  t.deepEqual([logs.num_logs, logs.logs[1].timestamp, logs.logs[1].line], [2, 6.5, 'two']);
  t.deepEqual(Object.keys(logs.logs[0]).toSorted(), ['issuer', 'line', 'stream', 'timestamp']);
  const some = await json('/api/v1/logs?from=0&to=10000&ts_unit=ms&stream=daemon.test');
  t.deepEqual([some.num_logs, some.logs[0].timestamp], [1, 6500]);
});

test('what cannot be answered is a 400 with one sentence, as text or JSON', async (t) => {
  const ask = await serve(t);
  for (const [path, wrong] of [
    ['/api/v1/logs', /parameter 'from' has to be a time/],
    ['/api/v1/logs?from=1&to=x', /parameter 'to' has to be a time/],
    ['/api/v1/logs?from=1&to=2&ts_unit=h', /ts_unit is not valid/],
    ['/api/v1/nodes?color=red', /no parameter 'color'/],
  ] as const) {
    const { status, text } = await ask(path);
    t.is(status, 400, path);
    t.regex(text, wrong);
    t.regex(text, /^[^\n]+\n$/);
    const asJson = await ask(path, { prefer: 'errors=json' });
    t.regex(JSON.parse(asJson.text).error, wrong);
  }
  t.is((await ask('/api/v1/others')).status, 404);
});
