import test from 'ava';
import { Presence } from '../../../agent/addresses/presence.ts';

const ip = '192.168.152.60';
const mac = '52:54:00:f2:67:82';

test('Presence.answers() is true of a machine that answers for its address', async (t) => {
  const asked: string[] = [];
  const presence = new Presence({ ask: (each) => asked.push(each) > 0 });
  const answer = presence.answers(ip, mac);
  presence.heard(ip, mac);
  t.true(await answer);
  t.deepEqual(asked, [ip]);
});

test('Presence.answers() is false where nobody answers, or only another machine', async (t) => {
  const presence = new Presence({ ask: () => true, waitMs: 20 });
  const answer = presence.answers(ip, mac);
  presence.heard(ip, '52:54:00:00:00:66');
  presence.heard('192.168.152.61', mac);
  t.false(await answer);
});

test('Presence.answers() is false where nothing can be asked', async (t) => {
  const presence = new Presence({ ask: () => false, waitMs: 600_000 });
  t.false(await presence.answers(ip, mac));
});
