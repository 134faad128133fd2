import test from 'ava';
import { Admission } from '../../../agent/net/admission.ts';

const limits = { running: 1, runningPerClient: 1, waiting: 10, waitingPerClient: 10 };

test('Admission starts those who wait in their order, past a client that has its share', async (t) => {
  const admission = new Admission({ ...limits, running: 2 });
  const started: string[] = [];
  const enter = async (client: string) => {
    if (await admission.enter(client)) started.push(client);
  };
  await enter('a');
  const waiting = [enter('a'), enter('b'), enter('c')];
  await waiting[1];
  t.deepEqual(started, ['a', 'b']);
  admission.leave('b');
  await waiting[2];
  t.deepEqual(started, ['a', 'b', 'c']);
  admission.leave('a');
  await waiting[0];
  t.deepEqual(started, ['a', 'b', 'c', 'a']);
});

test('Admission says no when its line is full', async (t) => {
  const admission = new Admission({ ...limits, waiting: 1 });
  t.true(await admission.enter('a'));
  const second = admission.enter('b');
  t.false(await admission.enter('c'));
  admission.leave('a');
  t.true(await second);
});

test('Admission leaves room in its line for others when one client fills its share', async (t) => {
  const admission = new Admission({ ...limits, waitingPerClient: 2 });
  t.true(await admission.enter('a'));
  const waiting = [admission.enter('a'), admission.enter('a'), admission.enter('b')];
  t.false(await admission.enter('a'));
  admission.leave('a');
  t.true(await waiting[0]);
  waiting.push(admission.enter('a'));
  for (const client of ['a', 'a', 'b']) admission.leave(client);
  t.deepEqual(await Promise.all(waiting), [true, true, true, true]);
});
