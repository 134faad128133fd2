import test from 'ava';
import { emulatorFor, registrationIn } from '../../../../scripts/images/debian/foreign-programs.ts';

const cases: readonly [architecture: string, machine: string, emulator: string | undefined][] = [
  ['amd64', 'amd64', undefined],
  ['i386', 'amd64', undefined],
  ['armel', 'amd64', 'arm'],
  ['armhf', 'amd64', 'arm'],
  ['arm64', 'amd64', 'aarch64'],
  ['arm64', 'arm64', undefined],
  ['amd64', 'arm64', 'x86_64'],
];

for (const [architecture, machine, emulator] of cases) {
  test(`emulatorFor() ${architecture} on ${machine} is ${emulator ?? 'none'}`, (t) => {
    t.is(emulatorFor(architecture, machine), emulator);
  });
}

test('emulatorFor() refuses an architecture that it does not know', (t) => {
  t.throws(() => emulatorFor('vax', 'amd64'), { instanceOf: RangeError, message: /vax/ });
});

test('registrationIn() finds the line among comments', (t) => {
  t.is(
    registrationIn('# arm\n:qemu-arm:M::\\x7f:\\xff:/bin/qemu:F\n'),
    ':qemu-arm:M::\\x7f:\\xff:/bin/qemu:F',
  );
  t.throws(() => registrationIn('# nothing\n'));
});
