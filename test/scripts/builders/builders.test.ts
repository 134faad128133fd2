import { globSync } from 'node:fs';
import test from 'ava';
import { buildersFor, NEEDS, platformBuilders } from '../../../scripts/builders/builders.ts';

test('buildersFor() builds nothing for tests of functions', (t) => {
  t.deepEqual(buildersFor(['test/agent/version.test.ts', 'test/scripts/qemu/x.test.ts']), []);
});

test('buildersFor() builds a platform for tests that boot machines, and what few need for these alone', (t) => {
  t.deepEqual(buildersFor(['test/qemu/vm.test.ts', 'test/loopback/server/kill.test.ts']), [
    ...platformBuilders,
  ]);
  const arm = buildersFor(['test/matrix/boards/rpi-images.test.ts']);
  t.deepEqual(arm, [...platformBuilders, ['scripts/images.ts', 'rpi']]);
  const coral = buildersFor(['test/matrix/boards/coral-image.test.ts']);
  t.deepEqual(coral, [...platformBuilders, ['scripts/images.ts', 'coral-dev-board']]);
  const more = buildersFor(['test/qemu/vm.test.ts', 'test/matrix/pc/stick-boot.test.ts']);
  t.deepEqual(more, [...platformBuilders, ['scripts/images.ts', 'pc-x86-32']]);
  const linux = buildersFor(['test/matrix/pc/pc-linux.test.ts']);
  t.deepEqual(linux, [...platformBuilders, ['scripts/media.ts', 'pc-linux']]);
});

test('buildersFor() builds once what several need', (t) => {
  t.deepEqual(buildersFor(['test/agent/cli/sql.test.ts']), [['scripts/bundle.ts']]);
  const all = ['test/agent/cli/sql.test.ts', 'test/qemu/vm.test.ts'];
  t.deepEqual(buildersFor(all), [...platformBuilders]);
});

test('each row of what tests need is about tests that are there', (t) => {
  const files = globSync('test/**/*.test.ts');
  for (const { tests } of NEEDS)
    t.true(
      files.some((file) => tests.test(file)),
      `${tests}`,
    );
});
