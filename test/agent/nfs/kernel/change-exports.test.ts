import test from 'ava';
import { exportCommands } from '../../../../agent/nfs/kernel/change-exports.ts';
import { kernelExports } from '../../../../agent/nfs/kernel/exports.ts';

const NODES = '/var/lib/walt/nodes';

function table(
  count: number,
  changed: Readonly<Record<number, string>> = {},
  mounts?: Set<string>,
) {
  const exports = Array.from({ length: count }, (_, index) => ({
    ip: `10.0.${index >> 8}.${index & 255}`,
    mac: '52:54:00:00:00:01',
    imagePath: changed[index] ?? '/images/a/fs',
  }));
  return kernelExports(exports, mounts === undefined ? {} : { mounts });
}

/** Without the options, which texts.test.ts knows. */
function placesOf(commands: ReturnType<typeof exportCommands>) {
  return commands?.map((words) => words.filter((word) => !word.startsWith('ro,')));
}

test('exportCommands() tells of one more node by a program for each kind of export', (t) => {
  t.deepEqual(placesOf(exportCommands(table(1000), table(1001))), [
    ['-i', '-o', `10.0.3.232/32:${NODES}`],
    ['-i', '-o', '10.0.3.232/32:/images/a/fs'],
  ]);
});

test('exportCommands() takes away a node that is gone, and nothing else', (t) => {
  t.deepEqual(exportCommands(table(1001), table(1000)), [
    ['-u', `10.0.3.232/32:${NODES}`, '10.0.3.232/32:/images/a/fs'],
  ]);
});

test('exportCommands() puts a node to its neighbours before it takes away those without it', (t) => {
  t.deepEqual(placesOf(exportCommands(table(3), table(4))), [
    ['-i', '-o', `10.0.0.0/30:${NODES}`],
    ['-i', '-o', '10.0.0.0/30:/images/a/fs'],
    [
      ...['-u', `10.0.0.0/31:${NODES}`, `10.0.0.2/32:${NODES}`],
      ...['10.0.0.0/31:/images/a/fs', '10.0.0.2/32:/images/a/fs'],
    ],
  ]);
});

test('exportCommands() lets nodes read the new image before the old one goes', (t) => {
  const after = table(4, { 0: '/images/b c/fs', 1: '/images/b c/fs' });
  t.deepEqual(placesOf(exportCommands(table(4), after)), [
    ['-i', '-o', '10.0.0.0/31:/images/b c/fs'],
    ['-i', '-o', '10.0.0.2/31:/images/a/fs'],
    ['-u', '10.0.0.0/30:/images/a/fs'],
  ]);
});

test('exportCommands() tells of nothing where nothing is another', (t) => {
  t.deepEqual(exportCommands(table(3), table(3)), []);
});

test('exportCommands() leaves it to the file where much is another, or options are', (t) => {
  const mixed = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [2 * at, '/images/b/fs']),
  );
  t.is(exportCommands(table(200), table(200, mixed)), undefined);
  t.is(exportCommands(table(3), table(3, {}, new Set(['/images/a/fs']))), undefined);
});
