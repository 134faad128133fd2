// What local callers can do to the API's socket and to the log.
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { get } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ExecutionContext } from 'ava';
import { ownCertificate } from '../../../agent/access/certificates.ts';
import { answerUnread } from '../../../agent/api/requests/unread.ts';
import { RequestError } from '../../../agent/errors.ts';
import { EventFeed } from '../../../agent/events/feed/feed.ts';
import { Places } from '../../../agent/host/queues/places.ts';
import { Uploads } from '../../../agent/images/uploads/uploads.ts';
import { LogReader } from '../../../agent/journal/log-reader.ts';
import { limitedServer } from '../../../agent/net/limits/limited-server.ts';
import { limitedTlsServer } from '../../../agent/net/limits/limited-tls-server.ts';
import { LIMITS } from '../../../agent/net/limits/table.ts';
import { openRecords } from '../records.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Attack, dial, heardBy, until } from './attack.ts';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

async function serve(t: ExecutionContext, handle: RequestListener) {
  const met: string[] = [];
  const onLimit = (limit: string, from: string) => met.push(`${limit} ${from}`);
  const server = limitedServer(handle, { onLimit, most: 4 });
  const path = join(await temporaryFolder(t), 'socket');
  await once(server.listen(path), 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const dial = () => {
    const socket = connect(path);
    socket.on('error', () => socket.destroy());
    t.teardown(() => socket.destroy());
    return socket;
  };
  return { met, dial };
}

const connections: Attack = async (t) => {
  const { met, dial } = await serve(t, (_, response) => response.end('said'));
  const sockets = Array.from({ length: 7 }, dial);
  await until(() => met.length === 3);
  await until(() => sockets.filter(({ closed }) => closed).length === 3);
  const [first] = sockets.filter(({ closed }) => !closed);
  first?.write(GET);
  const [answer] = first ? await once(first, 'data') : [];
  t.regex(String(answer), /^HTTP\/1.1 200 /);
  return met;
};

/** 200 connections of one machine that say nothing: a colleague is answered. */
const tlsConnections: Attack = async (t) => {
  const met: string[] = [];
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const onLimit = (limit: string, from: string) => met.push(`${limit} ${from}`);
  const server = limitedTlsServer((_, response) => response.end('said'), { tls, onLimit });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 200 }, () => dial(t, port));
  await until(() => met.length === 200 - LIMITS['api-tls-connections'].perAddress);
  await until(() => sockets.filter(({ closed }) => closed).length === met.length);
  const asking = get({ host: '127.0.0.1', port, ca: tls.cert, agent: false });
  const [answer] = await once(asking, 'response');
  t.is(answer.statusCode, 200);
  return met;
};

/** 40 handshakes of one machine at once, of which three may begin: a colleague who comes last is served, and the others wait. */
const handshakes: Attack = async (t) => {
  const met: string[] = [];
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const onLimit = (limit: string, from: string) => met.push(`${limit} ${from}`);
  const server = limitedTlsServer((_, response) => response.end('said'), {
    ...{ tls, onLimit, handshakes: { perSecond: 0.001, atOnce: 3 } },
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  let shaken = 0;
  for (let index = 0; index < 40; index += 1) {
    const socket = connectTls({ socket: dial(t, port), ca: tls.cert, host: '127.0.0.1' });
    socket.on('error', () => socket.destroy());
    socket.once('secureConnect', () => {
      shaken += 1;
    });
  }
  await until(() => met.length > 0);
  const asking = get({ host: '127.0.0.1', port, ca: tls.cert, agent: false });
  const [answer] = await once(asking, 'response');
  t.is(answer.statusCode, 200);
  await until(() => shaken >= 3);
  t.is(shaken, 3);
  return met;
};

const requestsAhead: Attack = async (t) => {
  let asked = 0;
  const { met, dial } = await serve(t, () => {
    asked += 1;
  });
  const socket = dial();
  socket.write(GET.repeat(2000));
  t.is(await heardBy(socket), '');
  t.is(asked, 1);
  return met;
};

function twoPlaces(limit: string, met: string[]): Places {
  const onFull = (whose: string) => met.push(`${limit} ${whose}`);
  return new Places({ inAll: 2, perUser: 3, perAddress: 3 }, { action: 'do it', onFull });
}

const followers: Attack = async (t) => {
  const { store, journal } = await openRecords();
  const met: string[] = [];
  const reader = new LogReader({ store, journal, places: twoPlaces('log-followers', met) });
  const ends = [new AbortController(), new AbortController()];
  const pages = ends.map(({ signal }) => reader.follow(signal).next());
  t.throws(() => reader.follow(new AbortController().signal), { instanceOf: RequestError });
  for (const end of ends) end.abort();
  await Promise.all(pages);
  t.notThrows(() => reader.follow(new AbortController().signal));
  return met;
};

const eventFollowers: Attack = async (t) => {
  const { store } = await openRecords();
  const met: string[] = [];
  const places = twoPlaces('event-followers', met);
  const feed = new EventFeed({ records: store.events, places }, 1);
  const ends = [new AbortController(), new AbortController()];
  const followers = ends.map(({ signal }) => feed.follow({ signal }));
  for (const follower of followers) await follower.next();
  const { signal } = new AbortController();
  t.throws(() => feed.follow({ signal }), { instanceOf: RequestError });
  for (const end of ends) end.abort();
  await Promise.all(followers.map((follower) => follower.next()));
  t.notThrows(() => feed.follow({ signal }));
  return met;
};

const searches: Attack = async (t) => {
  const { store, journal } = await openRecords();
  const met: string[] = [];
  const reader = new LogReader({
    ...{ store, journal, mostSearches: 2 },
    matcherOf: () => async (texts) => texts.map(() => true),
    onFullOfSearches: () => met.push('log-searches it'),
  });
  const search = { lineMatches: 'x' };
  journal.write({ stream: 'daemon.test', line: 'one' }, 1);
  journal.write({ stream: 'daemon.test', line: 'two' }, 2);
  const end = new AbortController();
  const past = reader.history(search);
  const coming = reader.follow(end.signal, { ...search, after: 0 });
  await Promise.all([past.next(), coming.next()]);
  const { signal } = new AbortController();
  t.throws(() => reader.history(search), { instanceOf: RequestError });
  t.throws(() => reader.follow(signal, search), { instanceOf: RequestError });
  t.notThrows(() => reader.history({}));
  end.abort();
  await Promise.all([past.return(undefined), coming.next()]);
  t.notThrows(() => reader.history(search));
  return met;
};

const uploads: Attack = async (t) => {
  const met: string[] = [];
  const { signal } = new AbortController();
  const folder = await temporaryFolder(t);
  let now = 0;
  const onFull = (whose: string) => met.push(`api-uploads ${whose}`);
  const all = new Uploads({ folder, most: 2, onFull, now: () => now });
  const bytes = () => Readable.from([Buffer.from('x')]);
  const take = () => all.take({ form: 'file', name: 'x', user: 'alice', signal, bytes: bytes() });
  const ids = [await take(), await take()];
  await t.throwsAsync(take(), { instanceOf: RequestError });
  const held = all.hold(ids[0] ?? '', 'alice');
  now = 3_700_000;
  await all.removeOld();
  t.throws(() => all.hold(ids[1] ?? '', 'alice'), { instanceOf: RequestError });
  t.is((await readdir(folder)).length, 1);
  await held.release();
  t.deepEqual(await readdir(folder), []);
  await take();
  return met;
};

/** Three that send slowly, a request, one that is refused at once, and an upload: they end; one that sends on, slowly or not, is taken whole. */
const slowRequests: Attack = async (t) => {
  const met: string[] = [];
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const onLimit = (limit: string, from: string) => met.push(`${limit} ${from}`);
  const handle: RequestListener = (request, response) => {
    if (request.url === '/refused') return void response.writeHead(401).end('refused');
    request.resume().once('end', () => response.end('whole'));
  };
  const server = limitedTlsServer(handle, { tls, onLimit, requestMs: 1500 });
  server.on('clientError', answerUnread);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const begin = (path: string, length = 30) => {
    const socket = connectTls({ host: '127.0.0.1', port, ca: tls.cert });
    socket.on('error', () => socket.destroy());
    t.teardown(() => socket.destroy());
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\nx`);
    return socket;
  };
  const slow = begin('/api/v1/nodes/reboot');
  const refused = begin('/refused', 1_000_000_000);
  const long = begin('/api/v1/uploads/file/x');
  const stalled = begin('/api/v1/uploads/file/y');
  const drops = setInterval(() => [long, slow, refused].map((one) => one.write('x')), 80);
  t.teardown(() => clearInterval(drops));
  const ends = [slow, stalled, refused].map(heardBy);
  const [one = '', two = '', three = ''] = await Promise.all(ends);
  t.regex(one, /^HTTP\/1.1 408 /);
  t.regex(two, /^HTTP\/1.1 408 /);
  t.regex(three, /^HTTP\/1.1 401 /);
  const [whole] = await once(long, 'data');
  t.regex(String(whole), /^HTTP\/1.1 200 /);
  return met;
};

/** By the row that each of them meets. */
export const apiAttacks = {
  'api-connections': connections,
  'api-tls-connections': tlsConnections,
  'api-handshakes': handshakes,
  'api-requests-ahead': requestsAhead,
  'api-uploads': uploads,
  'api-request': slowRequests,
  'event-followers': eventFollowers,
  'log-followers': followers,
  'log-searches': searches,
} as const satisfies Readonly<Record<string, Attack>>;
