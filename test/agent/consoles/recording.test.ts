import { appendFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  decodeEntry,
  type Entry,
  encodeEntry,
  HEADER_BYTES,
  SOURCES,
} from '../../../agent/consoles/entry.ts';
import { Recording } from '../../../agent/consoles/recording.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const said = (text: string, more: Partial<Entry> = {}): Entry => ({
  source: 'serial',
  at: 1_700_000_000_123_456,
  mark: 0,
  bytes: Buffer.from(text),
  ...more,
});

const SMALL = { fileBytes: 200, files: 3 };

async function textFrom(recording: Recording, from: number) {
  let text = '';
  let missed = 0;
  let place = from;
  for (let rounds = 0; rounds < 1000 && place < recording.end; rounds += 1) {
    const piece = await recording.read(place);
    text += piece.entries.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
    missed += piece.missed;
    place = piece.next;
  }
  return { text, missed, place };
}

test('an entry is the same again, of each source; each cut and each changed byte is noticed', (t) => {
  for (const source of SOURCES) {
    const entry = said('a\x00\xff\r\n', { source, mark: 2 ** 40 });
    const bytes = encodeEntry(entry);
    const decoded = decodeEntry(bytes, 0);
    t.deepEqual(decoded, {
      entry: { ...entry, bytes: new Uint8Array(entry.bytes) },
      size: bytes.length,
    });
    for (let length = 0; length < bytes.length; length += 1) {
      t.is(decodeEntry(bytes.subarray(0, length), 0), 'cut');
    }
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      t.is(typeof decodeEntry(changed, 0), 'string', `byte ${at}`);
    }
  }
});

test('what was said is read again, also by the next server, and goes on without gap', async (t) => {
  const folder = join(await temporaryFolder(t), 'record');
  const first = await Recording.open(folder, SMALL);
  t.is(first.end, 0);
  await first.append([said('one\n', { mark: 4 }), said('two\n', { mark: 8 })]);
  const place = first.end;
  const next = await Recording.open(folder, SMALL);
  t.deepEqual([next.end, next.markOf('serial'), next.markOf('kernel')], [place, 8, undefined]);
  await next.append([said('three\n')]);
  t.is((await textFrom(next, 0)).text, 'one\ntwo\nthree\n');
  t.is((await textFrom(next, place)).text, 'three\n');
});

test('the record is bounded: the oldest file goes, and a reader is told what it missed', async (t) => {
  const folder = join(await temporaryFolder(t), 'record');
  const recording = await Recording.open(folder, SMALL);
  for (let number = 0; number < 100; number += 1)
    await recording.append([said(`line ${number}\n`)]);
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await readFile(join(folder, name))).length),
  );
  t.is(sizes.length, 3);
  t.true(sizes.every((size) => size <= SMALL.fileBytes));
  const { text, missed } = await textFrom(recording, 0);
  t.regex(text, /line 99\n$/);
  t.is(missed + (await textFrom(recording, missed)).place - missed, recording.end);
  t.true(missed > 0);
});

test('whatever a crash leaves behind the last whole entry is taken away', async (t) => {
  const whole = encodeEntry(said('lost\n'));
  for (let length = 1; length < whole.length; length += 1) {
    const folder = join(await temporaryFolder(t), 'record');
    const first = await Recording.open(folder, SMALL);
    await first.append([said('kept\n')]);
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), whole.subarray(0, length));
    const next = await Recording.open(folder, SMALL);
    t.is(next.end, first.end);
    await next.append([said('after\n')]);
    t.is((await textFrom(next, 0)).text, 'kept\nafter\n');
  }
});

test('a file that is damaged in the middle, empty, or no record at all harms no other', async (t) => {
  const folder = join(await temporaryFolder(t), 'record');
  const first = await Recording.open(folder, SMALL);
  for (let number = 0; number < 18; number += 1) await first.append([said(`line ${number}\n`)]);
  const [oldest = '', second = ''] = (await readdir(folder)).sort();
  const bytes = await readFile(join(folder, oldest));
  bytes[HEADER_BYTES + 10] = 0;
  await writeFile(join(folder, oldest), bytes);
  await writeFile(join(folder, 'notes.txt'), 'of somebody else');
  const damaged = await Recording.open(folder, SMALL);
  const { text, missed } = await textFrom(damaged, 0);
  t.regex(text, /^line 0\n(line \d+\n)+line 17\n$/);
  t.true(missed > 0);
  await truncate(join(folder, second), 0);
  t.regex((await textFrom(await Recording.open(folder, SMALL), 0)).text, /line 17\n$/);
});

test('placeOfLast() counts lines over entries and files, and half lines too', async (t) => {
  const folder = join(await temporaryFolder(t), 'record');
  await mkdir(folder);
  const recording = await Recording.open(folder, { fileBytes: 120, files: 20 });
  const text = 'a\nbb\n\nccc\nd\nee\nlogin: ';
  for (const part of ['a\nb', 'b\n', '\ncc', 'c\nd\ne', 'e\n', 'login: ']) {
    await recording.append([said(part)]);
  }
  const lines = text.split('\n');
  for (let count = 0; count <= 9; count += 1) {
    const { from, skip } = await recording.placeOfLast(count);
    const shown = (await textFrom(recording, from)).text.slice(skip);
    t.is(shown, count === 0 ? '' : lines.slice(-count).join('\n'), `${count} lines`);
  }
  await recording.append([said('\n')]);
  const { from, skip } = await recording.placeOfLast(2);
  t.is((await textFrom(recording, from)).text.slice(skip), 'ee\nlogin: \n');
});
