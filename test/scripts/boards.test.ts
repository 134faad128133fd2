import test from 'ava';
import { boardOf, boards, raspberryPis } from '../../scripts/boards.ts';

test('boards have models of their own, of letters, digits and dashes', (t) => {
  t.is(new Set(boards.map(({ model }) => model)).size, boards.length);
  for (const { model } of boards) t.regex(model, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
});

test('boards that share an image have the same architecture', (t) => {
  for (const { image, architecture } of boards) {
    const sharing = boards.filter((board) => board.image === image);
    t.true(sharing.every((board) => board.architecture === architecture));
  }
});

test('Raspberry Pis are those that the installation page names', (t) => {
  t.deepEqual(
    raspberryPis.map(({ model }) => model),
    ['rpi-b', 'rpi-b-plus', 'rpi-2-b', 'rpi-3-b', 'rpi-3-b-plus', 'rpi-4-b', 'rpi-400'],
  );
});

test('each device tree has one name on the card, after the model', (t) => {
  const trees = raspberryPis.flatMap(({ model, deviceTrees }) =>
    deviceTrees.map((tree) => ({ model, ...tree })),
  );
  t.is(new Set(trees.map(({ firmware }) => firmware)).size, trees.length);
  for (const { model, firmware, linux } of trees) {
    t.regex(firmware, new RegExp(`^bcm27(08|09|10|11)-${model}(-rev1)?$`));
    t.regex(linux, new RegExp(`^bcm(2835|2836|2837|2711)-${model}(-rev2)?$`));
  }
});

test('the kind of U-Boot suits the image: 64-bit U-Boot starts no 32-bit kernel, nor the other way', (t) => {
  const suits = { armv6: 'armel', armv7: 'armhf', arm64: 'arm64' };
  for (const { uBoot, architecture } of raspberryPis) t.true(suits[uBoot] === architecture);
});

test('boardOf() names the models it knows when asked for another', (t) => {
  t.is(boardOf('rpi-400').title, 'Raspberry Pi 400');
  t.throws(() => boardOf('rpi-9'), { instanceOf: RangeError, message: /rpi-9.*rpi-4-b/ });
});
