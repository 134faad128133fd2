import test from 'ava';
import { NamedLines } from '../../../../agent/cli/terminal/named-lines.ts';

function lines() {
  let [out, err] = ['', ''];
  const shown = new NamedLines(async (bytes, { isError }) => {
    if (isError) err += Buffer.from(bytes).toString('latin1');
    else out += Buffer.from(bytes).toString('latin1');
  });
  const take = (name: string, text: string, isError = false) =>
    shown.take(name, Buffer.from(text, 'latin1'), isError);
  return { shown, take, said: () => [out, err] };
}

test('NamedLines puts the name before each line, whatever the pieces are', async (t) => {
  const { shown, take, said } = lines();
  await take('a', 'one\ntw');
  await take('b', '\nx\xff\0\n');
  await take('a', 'oops\n', true);
  await take('a', 'o\nthree');
  t.deepEqual(said(), ['a: one\nb: \nb: x\xff\0\na: two\n', 'a: oops\n']);
  await shown.end('a');
  await shown.end('b');
  t.deepEqual(said()[0], 'a: one\nb: \nb: x\xff\0\na: two\na: three\n');
});

test('NamedLines keeps no line without end in memory', async (t) => {
  const { take, said } = lines();
  await take('a', 'x'.repeat(70_000));
  t.is(said()[0]?.length, 70_004);
});
