// The order of a list, as the address of the page says it.
import test from 'ava';
import { type Column, nextOrder, orderOf, sortedBy } from '../../../page/state/sorting.ts';

type Image = { readonly name: string; readonly size: number | null };
const COLUMNS: readonly Column<Image>[] = [
  { key: 'name', title: 'Image', by: ({ name }) => name },
  { key: 'size', title: 'Size', by: ({ size }) => size },
  { key: 'actions', title: 'Actions' },
];
const IMAGES: readonly Image[] = [
  { name: 'pc-10', size: 9 },
  { name: 'PC-9', size: null },
  { name: 'pi', size: 10 },
  { name: 'ab', size: 9 },
];
const CASES: readonly (readonly [string | null, readonly string[]])[] = [
  [null, ['pc-10', 'PC-9', 'pi', 'ab']],
  ['name', ['ab', 'PC-9', 'pc-10', 'pi']],
  ['-name', ['pi', 'pc-10', 'PC-9', 'ab']],
  ['size', ['pc-10', 'ab', 'pi', 'PC-9']],
  ['-size', ['pi', 'pc-10', 'ab', 'PC-9']],
  ['actions', ['pc-10', 'PC-9', 'pi', 'ab']],
  ['of-no-column', ['pc-10', 'PC-9', 'pi', 'ab']],
  ['-', ['pc-10', 'PC-9', 'pi', 'ab']],
];

for (const [text, expected] of CASES) {
  test(`sortedBy() by '${text}'`, (t) => {
    const sorted = sortedBy(IMAGES, COLUMNS, orderOf(text));
    t.deepEqual(
      sorted.map(({ name }) => name),
      expected,
    );
  });
}

test('a column that is chosen again and again goes up, down and away', (t) => {
  t.is(nextOrder(orderOf(''), 'size'), 'size');
  t.is(nextOrder(orderOf('size'), 'size'), '-size');
  t.is(nextOrder(orderOf('-size'), 'size'), '');
  t.is(nextOrder(orderOf('-size'), 'name'), 'name');
});
