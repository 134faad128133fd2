/** Damages a document as somebody would who knows JSON: values of other kinds, keys that go, come twice or have another name. */
import { mutate } from '../../support/bytes/mutate.ts';

type Random = () => number;
type Json = Readonly<Record<string, unknown>> | readonly unknown[];

/** What is worth a try in place of any value. */
const ODD: readonly unknown[] = [
  ...[null, true, 0, -1, 7, 1.5, 2 ** 53, 1e300, '', 'x', '..', '../../x', '/', '\0', '\u001b[2J'],
  ...[[], {}, [[]], [null], { a: 1 }, ['x'], [7], { toString: 1 }, { length: 1 }],
  ...['constructor', '__proto__', 'toString', 'linux', 'amd64', 'arm', 'v7', 'alice/web:v1', ':'],
  ...['sha256:', `sha256:${'0'.repeat(64)}`, `sha512:${'f'.repeat(128)}`, `md5:${'0'.repeat(32)}`],
  ...[[`sha256:${'0'.repeat(64)}`], 'x'.repeat(5000), 'a/'.repeat(500), '\ud800', 'rpi-4-b'],
];
const KEYS = [
  '__proto__',
  'constructor',
  'length',
  'digest',
  'size',
  'platform',
  'annotations',
  '',
];

/** @returns the bytes of the document with one to three changes; some are no JSON any more */
export function mutateJson(document: unknown, random: Random): Buffer {
  let changed = document;
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1) changed = withChange(changed, random);
  const bytes = Buffer.from(JSON.stringify(changed) ?? '');
  return random() < 0.05 ? Buffer.from(mutate(bytes, random)) : bytes;
}

/** Goes down at random, and changes what it comes to. */
function withChange(value: unknown, random: Random): unknown {
  if (!isFolder(value) || random() < 0.1) return pick(ODD, random);
  const entries = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  const [key, held] = entries[at] ?? ['', undefined];
  const kind = Math.floor(random() * 12);
  if (kind === 0) entries.splice(at, 1);
  else if (kind === 1) entries.push([pick(KEYS, random), pick(ODD, random)]);
  else if (kind === 2) entries.splice(at, 1, [pick(KEYS, random), held]);
  else if (kind === 3) entries.push([`${entries.length}`, held]);
  else entries.splice(at, 1, [key, withChange(held, random)]);
  if (Array.isArray(value)) return entries.map(([, each]) => each);
  // A literal key `__proto__` is one of the document, as JSON.parse makes it.
  return entries.reduce(
    (all, [name, each]) =>
      Object.defineProperty(all, name, {
        ...{ value: each, enumerable: true, configurable: true, writable: true },
      }),
    {},
  );
}

function isFolder(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
