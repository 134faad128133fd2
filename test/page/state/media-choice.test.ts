import test from 'ava';
import { KNOWN_MEDIA } from '../../../agent/media/known-media.ts';
import { type Advice, FIRST, type Question, reached } from '../../../page/state/media-choice.ts';

type Way = { readonly ids: readonly string[]; readonly end: Advice };

function ways(from: Question, ids: readonly string[] = []): Way[] {
  return from.choices.flatMap(({ id, next }) =>
    next.kind === 'advice' ? [{ ids: [...ids, id], end: next }] : ways(next, [...ids, id]),
  );
}

test('three questions lead to a medium, whatever is answered', (t) => {
  for (const { ids } of ways(FIRST)) t.true(ids.length <= 3, ids.join());
});

test('each medium that is advised is one that the server knows, and all are advised somewhere', (t) => {
  const known = KNOWN_MEDIA.map(({ name }) => name);
  const advised = new Set(ways(FIRST).flatMap(({ end }) => end.name ?? []));
  for (const name of advised) t.true(known.includes(name), name);
  // Who copies files to a card sees a prompt by the files of that kind.
  t.deepEqual(
    known.filter((name) => !advised.has(name)),
    ['rpi-sd-files-debug.tar.gz'],
  );
});

test('reached() goes as far as the answers are known', (t) => {
  t.is(reached([]).at, FIRST);
  t.like(reached(['pc', 'usb', 'yes']), { depth: 3, at: { name: 'pc-usb.dd.gz' } });
  t.like(reached(['pi', 'newer', 'eeprom']).at, { name: 'rpi-eeprom.tar.gz' });
  t.is(reached(['pc', 'nonsense', 'yes']).depth, 1);
});
