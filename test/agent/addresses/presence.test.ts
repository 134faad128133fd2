import test from 'ava';
import { Presence } from '../../../agent/addresses/presence.ts';

const ip = '192.168.152.60';
const mac = '52:54:00:f2:67:82';
const now = () => 0;

test('Presence.answers() is true of a machine that answers for its address', async (t) => {
  const asked: string[] = [];
  const presence = new Presence({ now, ask: (each) => asked.push(each) > 0 });
  const answer = presence.answers(ip, mac);
  presence.heard(ip, mac);
  t.true(await answer);
  t.deepEqual(asked, [ip]);
});

test('Presence.answers() is false where nobody answers, or only another machine', async (t) => {
  const presence = new Presence({ now, ask: () => true, waitMs: 20 });
  const answer = presence.answers(ip, mac);
  presence.heard(ip, '52:54:00:00:00:66');
  presence.heard('192.168.152.61', mac);
  t.false(await answer);
});

test('Presence.answers() is false where nothing can be asked', async (t) => {
  const presence = new Presence({ now, ask: () => false, waitMs: 600_000 });
  t.false(await presence.answers(ip, mac));
});

test('Presence.answers() asks three times: a question or an answer may get lost', async (t) => {
  let asked = 0;
  const presence: Presence = new Presence({
    ...{ now, waitMs: 5 },
    ask: () => {
      asked += 1;
      if (asked === 3) setImmediate(() => presence.heard(ip, mac));
      return true;
    },
  });
  t.true(await presence.answers(ip, mac));
  const silent = new Presence({ now, waitMs: 5, ask: () => Boolean(++asked) });
  asked = 0;
  t.false(await silent.answers(ip, mac));
  t.is(asked, 3);
});

test('Presence.answers() does not count what it asked while the server itself did not run', async (t) => {
  let [time, asked] = [0, 0];
  const starved = new Presence({
    ...{ now: () => time, waitMs: 5 },
    ask: () => {
      asked += 1;
      if (asked <= 4) time += 1000;
      return true;
    },
  });
  t.false(await starved.answers(ip, mac));
  t.is(asked, 7);
  asked = -1000;
  t.false(await starved.answers(ip, mac), 'for good it asks no more');
  t.is(asked, -992);
});
