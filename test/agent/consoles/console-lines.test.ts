import test from 'ava';
import { ConsoleLines } from '../../../agent/consoles/console-lines.ts';

const MAC = '52:54:00:00:00:01';

async function logged(...pieces: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const lines = new ConsoleLines({
    log: async (_mac, more) => {
      found.push(...more);
    },
    onProblem: (reason) => found.push(String(reason)),
    clock: () => 0,
  });
  for (const piece of pieces) lines.take(MAC, 'serial', Buffer.from(piece));
  await lines.idle();
  return found;
}

test('ConsoleLines leave colours and returns out', async (t) => {
  const unit =
    '[\u001b[0;32m  OK  \u001b[0m] Finished \u001b[0;1;39mmodprobe@drm.service\u001b[0m.\r\n';
  t.deepEqual(await logged(unit, 'half a\u001b[1', 'm line\r\r\n'), [
    '[  OK  ] Finished modprobe@drm.service.',
    'half a line',
  ]);
});

test('ConsoleLines keep what moves a cursor, and returns within a line', async (t) => {
  t.deepEqual(await logged('a\u001b[2Jb\n', '10%\r20%\n'), ['a\u001b[2Jb', '10%\r20%']);
});

test('ConsoleLines have nothing of empty lines, nor of those with colours alone', async (t) => {
  t.deepEqual(await logged('\r\n', '\u001b[0m\r\n', '  \n'), []);
});
