import dgram from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import test from 'ava';
import { TftpClock, type Tick } from '../../../../agent/net/tftp/clock.ts';

test('TftpClock has the sockets read before it ticks, however late it is', async (t) => {
  const [mine, theirs] = [dgram.createSocket('udp4'), dgram.createSocket('udp4')];
  t.teardown(() => {
    mine.close();
    theirs.close();
  });
  mine.bind(0, '127.0.0.1');
  await once(mine, 'listening');
  theirs.connect(mine.address().port, '127.0.0.1');
  await once(theirs, 'connect');
  const happened: string[] = [];
  mine.on('message', () => happened.push('message'));
  const clock = new TftpClock();
  const ticked = Promise.withResolvers<number>();
  const tick: Tick = (heardUntil) => {
    happened.push('tick');
    ticked.resolve(heardUntil);
  };
  clock.watch(tick);
  theirs.send('here');
  const sent = performance.now();
  while (performance.now() < sent + 200);
  t.true((await ticked.promise) >= sent);
  clock.ignore(tick);
  t.deepEqual(happened, ['message', 'tick']);
});

test('TftpClock ticks on for those who are left, and for nobody when all are gone', async (t) => {
  const clock = new TftpClock();
  const gone = () => t.fail();
  let turns = 0;
  const enough = Promise.withResolvers<void>();
  const stays = () => {
    turns += 1;
    if (turns === 3) enough.resolve();
  };
  clock.watch(gone);
  clock.watch(stays);
  clock.ignore(gone);
  await enough.promise;
  clock.ignore(stays);
  const before = turns;
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is(turns, before);
});
