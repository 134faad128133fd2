// U-Boot's commands of ours on QEMU's ARM machine of 64 bits; that of 32 bits is in the matrix, as it takes another U-Boot.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { raspberryPis } from '../../../scripts/boards.ts';
import { asksAndTells, FDT_FILES, startUBoot } from '../../support/boards/u-boot-machine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test.serial(
  'qemu-arm64: asks again while there is no start.uboot, then runs it; every model is told right',
  (t) => asksAndTells(t, 'qemu-arm64'),
);

test('the table has all models that U-Boot can tell', (t) => {
  const told = new Set(FDT_FILES.map(([, model]) => model));
  for (const { model } of raspberryPis) t.true(told.has(model), model);
});

test.serial('after three tries without an answer the board is reset', async (t) => {
  const folder = await temporaryFolder(t);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const board = await startUBoot(t, 'qemu-arm64', empty);
  await board.waitFor(
    /(no start\.uboot[\s\S]*){3}walt: resetting the board[\s\S]*no start\.uboot/,
    120,
  );
  t.is(board.said.split('walt: resetting the board')[0]?.match(/no start\.uboot/g)?.length, 3);
});
