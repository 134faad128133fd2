import test from 'ava';
import { Admission } from '../../../../agent/net/limits/admission.ts';

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

test('Admission keeps a quarter of its places for nodes, and lets those that wait go first', async (t) => {
  const many = { running: 4, runningPerClient: 1, waiting: 8, waitingPerClient: 1 };
  const admission = new Admission(many, { isKnown: (address) => address.startsWith('node') });
  const started: string[] = [];
  const enter = (client: string) =>
    admission.enter(client).then((isLet) => {
      started.push(isLet ? client : `${client} is told no`);
    });
  const strangers = Array.from({ length: 10 }, (_, index) => enter(`stranger-${index}`));
  const nodes = [enter('node-1'), enter('node-2')];
  await nodes[0];
  t.is(started.filter((one) => one.endsWith('told no')).length, 1);
  t.is(started.filter((one) => /^stranger-\d+$/.test(one)).length, 3);
  admission.leave('stranger-0');
  await nodes[1];
  t.false(started.includes('stranger-3'));
  admission.leave('stranger-1');
  await strangers[3];
  t.true(started.includes('stranger-3'));
});

test('Admission counts a stranger that becomes a node in the middle as what it was', async (t) => {
  const known = new Set<string>();
  const many = { running: 4, runningPerClient: 2, waiting: 1, waitingPerClient: 1 };
  const admission = new Admission(many, { isKnown: (address) => known.has(address) });
  await admission.enter('a');
  known.add('a');
  await admission.enter('a');
  admission.leave('a');
  admission.leave('a');
  for (const stranger of ['b', 'c', 'd']) t.true(await admission.enter(stranger));
});
