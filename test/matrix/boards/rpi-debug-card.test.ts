// The card for people who look for a fault: what is on it, and that a key gives a prompt that stays on every board.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { contentOf, filesOf } from '../../../lab/boards/card-files.ts';
import { qemuBoards } from '../../../lab/boards/raspberry-pi.ts';
import { raspberryPis, uBoots } from '../../../scripts/boards.ts';
import { $ } from '../../../scripts/run.ts';
import { startBoard } from '../../support/boards/rpi-board.ts';
import {
  buildCard,
  buildDebugCard,
  type Card,
  cardFrom,
  hasEeprom,
  ROOT,
  sha256Of,
} from '../../support/boards/rpi-card.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const OUTPUT = join(ROOT, 'release/dist');

/** These cards are made with the EEPROM's files. */
const testCard = hasEeprom ? test.serial : test.serial.skip;

let built: Promise<Card> | undefined;

function debugCard(t: ExecutionContext): Promise<Card> {
  t.timeout(30 * 60_000);
  built ??= buildDebugCard(OUTPUT);
  return built;
}

testCard('it has the files of the usual card, all the same but U-Boots and version', async (t) => {
  const debug = await cardFrom((await debugCard(t)).archive, await temporaryFolder(t));
  const usual = await cardFrom((await buildCard(OUTPUT)).archive, await temporaryFolder(t));
  const paths = [...(await filesOf(usual)).keys()].sort();
  t.deepEqual([...(await filesOf(debug)).keys()].sort(), paths);
  const different: string[] = [];
  for (const path of paths) {
    if (!(await contentOf(usual, path)).equals(await contentOf(debug, path))) different.push(path);
  }
  const own = new Set(raspberryPis.map(({ uBoot }) => uBoots[uBoot].file));
  t.deepEqual(different, [...own, 'VERSION.TXT'].sort());
  t.regex((await contentOf(debug, 'VERSION.TXT')).toString(), /^medium: +rpi-sd \(debug\)$/m);
});

for (const board of qemuBoards) {
  testCard(`${board.machine}: a key gives a prompt that stays`, async (t) => {
    const disk = join(await temporaryFolder(t), 'card.img');
    await $`gzip -dc ${(await debugCard(t)).image} > ${disk}`;
    const before = await sha256Of(disk);
    const run = await startBoard(t, board, { disk });
    await run.waitFor(/stop autoboot/, 120);
    run.child.stdin?.write('x');
    await run.waitFor(/U-Boot> *$/, 60);
    // Four times as long as the usual card's U-Boot lets a prompt stand.
    run.child.stdin?.write('sleep 60; echo still $' + '{arch} $' + '{board}\r');
    await run.waitFor(/still arm rpi\s+U-Boot> *$/, 240);
    t.notRegex(run.said, /this is a node|resetting/);
    t.is(run.said.match(/U-Boot 2023/g)?.length, 1);
    await run.kill();
    t.is(await sha256Of(disk), before);
  });
}
