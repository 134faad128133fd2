import test from 'ava';
import type { ServerEvent } from '../../../agent/events/event.ts';
import { Publisher } from '../../../agent/events/publisher.ts';
import { collectGarbage } from '../../support/process/collect-garbage.ts';

const ready: ServerEvent = { kind: 'image-ready', image: 'a/b:latest', models: ['pc-x86-64'] };
const ignored: ServerEvent = { kind: 'ignored', source: 'x', from: 'y', reason: 'z' };

function open() {
  const failures: string[] = [];
  const publisher = new Publisher({ clock: () => 7, onFailure: (text) => failures.push(text) });
  const problems: string[] = [];
  publisher.on('test', ['problem'], ({ source, message }) => {
    problems.push(`${source}: ${message}`);
  });
  return { publisher, failures, problems };
}

test('Publisher gives an event to the reactions to its kind, with its time', (t) => {
  const { publisher } = open();
  const said: unknown[] = [];
  publisher.on('one', ['image-ready'], ({ image }, at) => {
    said.push(['one', image, at]);
  });
  publisher.on('two', ['ignored', 'image-ready'], ({ kind }) => {
    said.push(['two', kind]);
  });
  publisher.publish([ready, ignored]);
  t.deepEqual(said, [
    ['one', 'a/b:latest', 7],
    ['two', 'image-ready'],
    ['two', 'ignored'],
  ]);
});

test('Publisher.on() can be undone', (t) => {
  const { publisher } = open();
  const said: string[] = [];
  const stop = publisher.on('one', ['ignored'], ({ from }) => {
    said.push(from);
  });
  publisher.publish([ignored]);
  stop();
  publisher.publish([ignored]);
  t.deepEqual(said, ['y']);
});

test('Publisher tells a reaction first what was published first, also by a reaction', (t) => {
  const { publisher } = open();
  const said: string[] = [];
  publisher.on('chain', ['image-ready'], () => publisher.publish([ignored]));
  publisher.on('order', ['image-ready', 'ignored'], ({ kind }) => {
    said.push(kind);
  });
  publisher.publish([ready, ready]);
  t.deepEqual(said, ['image-ready', 'image-ready', 'ignored', 'ignored']);
});

for (const [how, fail] of [
  [
    'throws',
    () => {
      throw new Error('disk full');
    },
  ],
  ['rejects', () => Promise.reject(new Error('disk full'))],
] as const) {
  test(`Publisher goes on when a reaction ${how}, and says so once`, async (t) => {
    const { publisher, problems, failures } = open();
    publisher.on('bad', ['ignored'], fail);
    let others = 0;
    publisher.on('good', ['ignored'], () => {
      others += 1;
    });
    publisher.publish([ignored]);
    await new Promise((resolve) => setImmediate(resolve));
    t.is(others, 1);
    t.deepEqual(problems, ['bad: event ignored: disk full']);
    t.deepEqual(failures, []);
  });
}

test('Publisher does not tell a reaction to problems of its own failure for ever', (t) => {
  const { publisher, failures } = open();
  publisher.on('journal', ['problem'], () => {
    throw new Error('disk full');
  });
  publisher.publish([{ kind: 'problem', source: 'x', message: 'y' }]);
  t.deepEqual(failures, ['journal: disk full']);
});

test('Publisher tells of machines of the server’s own those reactions alone that hear them', (t) => {
  const { publisher } = open();
  const said: string[] = [];
  publisher.conceal((event) => event.kind === 'ignored');
  publisher.on('people', ['image-ready', 'ignored'], ({ kind }) => {
    said.push(`people: ${kind}`);
  });
  const hear = ({ kind }: ServerEvent) => {
    said.push(`boots: ${kind}`);
  };
  publisher.on('boots', ['image-ready', 'ignored'], hear, { hearsTrials: true });
  publisher.publish([ignored, ready]);
  t.deepEqual(said, ['boots: ignored', 'people: image-ready', 'boots: image-ready']);
});

test('Publisher.publishSoon() tells behind the turn, and before what is published meanwhile', async (t) => {
  const { publisher } = open();
  const said: string[] = [];
  publisher.on('one', ['ignored'], ({ from }) => {
    said.push(from);
  });
  const from = (text: string): ServerEvent => ({ ...ignored, from: text }) as ServerEvent;
  publisher.publishSoon(() => [from('a'), from('b')]);
  t.deepEqual(said, []);
  publisher.publish([from('c')]);
  t.deepEqual(said, ['a', 'b', 'c']);
  publisher.publishSoon(() => [from('d')]);
  while (said.length < 4) await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(said, ['a', 'b', 'c', 'd']);
  publisher.publishSoon(() => [from('e')]);
  publisher.tellAll();
  t.deepEqual(said, ['a', 'b', 'c', 'd', 'e']);
});

test('Publisher.publishSoon() tells of what cannot be said, and goes on', async (t) => {
  const { publisher, problems } = open();
  const said: string[] = [];
  publisher.on('one', ['ignored'], ({ from }) => {
    said.push(from);
  });
  publisher.publishSoon(() => {
    throw new Error('what happened is not known');
  });
  publisher.publishSoon(() => [ignored]);
  while (said.length < 1) await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(problems, ['events: what happened is not known']);
});

test('Publisher.publishSoon() tells thousands in their order', async (t) => {
  const { publisher } = open();
  const said: string[] = [];
  publisher.on('one', ['ignored'], ({ from }) => {
    said.push(from);
  });
  const all = Array.from({ length: 5000 }, (_, at) => String(at));
  for (const from of all) publisher.publishSoon(() => [{ ...ignored, from } as ServerEvent]);
  while (said.length < all.length) await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(said, all);
});

test('Publisher.publishSoon() lets no more wait than a large rack makes happen at once, and forgets what was told', async (t) => {
  const { publisher } = open();
  const said: string[] = [];
  publisher.on('one', ['ignored'], ({ from }) => {
    said.push(from);
  });
  const soon = (number: number) => {
    const make = () => [{ ...ignored, from: String(number) } as ServerEvent];
    publisher.publishSoon(make);
    return new WeakRef(make);
  };
  const makers = Array.from({ length: 16_384 + 2000 }, (_, number) => soon(number));
  t.deepEqual(
    said,
    Array.from({ length: 2000 }, (_, number) => String(number)),
  );
  // What a turn has made lasts as long as the turn.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  t.is(makers[0]?.deref(), undefined);
  publisher.tellAll();
  t.is(said.length, 16_384 + 2000);
});
