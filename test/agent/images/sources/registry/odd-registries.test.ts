// Registries that are busy, broken, far away or not honest: a small server stands in where a real one would not do so.
import test from 'ava';
import { digestOf } from '../../../../../agent/images/content/digest.ts';
import { ask, config, honest } from '../../../../support/images/sources/odd-registry.ts';

test('a registry that is busy is asked again, twice at most', async (t) => {
  const busy = await ask(t, (request, response, count) => {
    if (count > 2) return honest(request, response, count);
    response.writeHead(count === 1 ? 429 : 503, { 'retry-after': '0' }).end();
  });
  t.is(busy.asked.kind, 'found');
  const down = await ask(t, (_, response) => {
    response.writeHead(500, { 'retry-after': '0' }).end('{"errors":[{"message":"disk full"}]}');
  });
  t.regex(down.text, /it answers with HTTP status 500: disk full/);
  t.is(down.asked.kind, 'failed');
  t.is(down.asks.length, 3);
});

test('a registry that wants to be left alone for long is left alone', async (t) => {
  let count = 0;
  const { text } = await ask(t, (_, response) => {
    count += 1;
    response.writeHead(429, { 'retry-after': '3600' }).end();
  });
  t.regex(text, /it is asked too often: try again later/);
  t.is(count, 1);
});

test('a connection that breaks off is made again, twice at most', async (t) => {
  let broken = 0;
  const lost = await ask(t, (request) => {
    broken += 1;
    request.socket.resetAndDestroy();
  });
  t.regex(lost.text, /it cannot be reached: it closed the connection/);
  t.is(broken, 3);
  const once = await ask(t, (request, response, count) => {
    if (count === 1) return request.socket.resetAndDestroy();
    honest(request, response, count);
  });
  t.is(once.asked.kind, 'found');
});

test('a registry that says nothing is given up', async (t) => {
  const { text } = await ask(t, () => undefined);
  t.regex(text, /it did not answer within 10 seconds/);
});

test('an answer without end is given up', async (t) => {
  const { text } = await ask(t, (_, response) => {
    response.writeHead(200);
    const more = () => response.destroyed || response.write(Buffer.alloc(1 << 20, ' '), more);
    more();
  });
  t.regex(text, /larger than 4194304 bytes/);
});

test('a configuration that is something else is refused', async (t) => {
  const other = await ask(t, (request, response, count) => {
    if (request.url?.endsWith(digestOf(config))) return response.end('{"os":"other"}');
    honest(request, response, count);
  });
  t.regex(other.text, /what it has as sha256:[0-9a-f]{12}… is something else/);
});

test('a manifest of schema 1, or a page in place of one, is named', async (t) => {
  const old = await ask(t, (_, response) => {
    response.end('{"schemaVersion":1}');
  });
  t.regex(old.text, /too old \(schema 1\): push it again/);
  const page = await ask(t, (_, response) => {
    response.end('<html>');
  });
  t.regex(page.text, /its manifest is damaged/);
});

test('what a registry complains of is one line', async (t) => {
  const errors = [{ message: 'no\r\nplatform.nodes -> node pc is up\u001b[2J' }];
  const { asked } = await ask(t, (_request, response) => {
    response.writeHead(418).end(JSON.stringify({ errors }));
  });
  const reason = asked.kind === 'failed' ? asked.reason : '';
  t.regex(reason, /418: no\\r\\nplatform\.nodes -> node pc is up\\u001b\[2J$/);
});
