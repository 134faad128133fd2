// Shares of places.
import test from 'ava';
import { RequestError } from '../../../../agent/errors.ts';
import { Places } from '../../../../agent/host/queues/places.ts';

function open() {
  const full: string[] = [];
  const bounds = { inAll: 5, perUser: 2, perAddress: 3 };
  const places = new Places(bounds, { action: 'look', onFull: (whose) => full.push(whose) });
  const taken = (user: string, from: string) => {
    const end = new AbortController();
    return { end, giveBack: places.take({ user, from }, end.signal) };
  };
  return { taken, full };
}

test('Places.take() gives each user a share, wherever they are', (t) => {
  const { taken, full } = open();
  taken('alice', '10.0.0.1');
  const second = taken('alice', '10.0.0.2');
  const thrown = t.throws(() => taken('alice', ''), { instanceOf: RequestError });
  t.like(thrown, { status: 429, code: 'share-taken' });
  t.notThrows(() => taken('bob', '10.0.0.2'));
  second.end.abort();
  t.notThrows(() => taken('alice', ''));
  t.deepEqual(full, ['alice']);
});

test('Places.take() gives each address a share, and each network of IPv6', (t) => {
  const { taken, full } = open();
  for (const [user, end] of [
    ['a', '1'],
    ['b', '2:3'],
    ['c', '4'],
  ] as const) {
    taken(user, `2001:db8::${end}`);
  }
  const thrown = t.throws(() => taken('d', '2001:db8::9'), { instanceOf: RequestError });
  t.like(thrown, { status: 429, code: 'share-taken' });
  t.notThrows(() => taken('d', '2001:db8:0:1::9'));
  t.deepEqual(full, ['2001:db8::9']);
});

test('Places.take() has so many in all, and none twice of who gives theirs back twice', (t) => {
  const { taken, full } = open();
  const held = ['a', 'b', 'c', 'd', 'e'].map((user) => taken(user, ''));
  t.throws(() => taken('f', ''), { instanceOf: RequestError, message: /5 programs do so already/ });
  held[0]?.giveBack();
  held[0]?.end.abort();
  t.notThrows(() => taken('f', ''));
  t.throws(() => taken('g', ''), { instanceOf: RequestError });
  t.deepEqual(full, ['it', 'it']);
});

test('Places.take() keeps no place for who has gone already', (t) => {
  const bounds = { inAll: 1, perUser: 1, perAddress: 1 };
  const places = new Places(bounds, { action: 'look', onFull: () => undefined });
  places.take({ user: 'a', from: '' }, AbortSignal.abort());
  t.notThrows(() => places.take({ user: 'a', from: '' }, new AbortController().signal));
});
