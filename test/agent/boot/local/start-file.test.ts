import test from 'ava';
import { type Asker, decideFile } from '../../../../agent/boot/files.ts';
import { localGrubConfig } from '../../../../agent/boot/local/grub-config.ts';

const pc: Asker = { model: 'pc-x86-64', root: 'sha256:aa', bootsLocal: true };
const pi: Asker = { model: 'rpi-4-b', root: 'sha256:bb', bootsLocal: true };

function textOf(path: string, asker: Asker): string {
  const decision = decideFile(path, asker);
  if (decision.kind !== 'bytes') return decision.kind;
  return Buffer.from(decision.bytes).toString('latin1');
}

/** Disks of a BIOS in the order in which a script tries them, from one label on. */
function disks(script: string, from: string): string[] {
  const [, part = ''] = script.split(`\n${from}\n`);
  const [tried = ''] = part.split('\ngoto nothing\n');
  return [...tried.matchAll(/--drive (0x8\d)/g)].map(([, disk = '']) => disk);
}

test('iPXE of a node that starts from its own disk leaves out the disk that led it back here', (t) => {
  for (const [localTries, label] of [
    [0, 'others'],
    [1, 'first'],
    [2, 'others'],
  ] as const) {
    const script = textOf('/start.ipxe', { ...pc, localTries });
    t.regex(script, new RegExp(`\\ngoto ${label}\\n:first\\n`));
  }
  const script = textOf('start.ipxe', pc);
  t.deepEqual(disks(script, ':first'), ['0x80', '0x81', '0x82', '0x83']);
  t.deepEqual(disks(script, ':others'), ['0x81', '0x82', '0x83', '0x80']);
  t.regex(script, /\niseq \$\{netX\/chip\} undionly && goto first \|\|\n/, 'no stick by PXE');
});

test('iPXE of a node that starts from its own disk goes on where a disk does not start', (t) => {
  const lines = textOf('start.ipxe', pc).split('\n');
  for (const line of lines.filter((each) => each.startsWith('sanboot ')))
    t.true(line.endsWith(' ||'));
  const loaders = lines.filter((line) => line.includes('--filename'));
  t.regex(loaders[0] ?? '', / --drive 0 --filename \\EFI\\debian\\shim\$\{local-arch\}\.efi \|\|$/);
  t.regex(loaders.at(-2) ?? '', /bootmgfw/, 'another system starts Windows too');
  t.true(
    lines.indexOf(loaders.at(-1) ?? '') > lines.findIndex((line) => line.startsWith('imgfetch')),
    'what the stick has as well comes where there is no stick',
  );
});

test('a node that starts from its own disk gets the other files of its image', (t) => {
  t.like(decideFile('kernel', pc), { kind: 'image-file', path: 'boot/pc-x86-64/kernel' });
  t.is(decideFile('start.ipxe', { ...pc, bootsLocal: undefined } as never).kind, 'image-file');
});

test('U-Boot of a node that starts from its own disk leaves out the network, or the script that took its place', (t) => {
  const script = textOf('start.uboot', { ...pi, speaker: 'walt-loader' }).slice(72);
  t.regex(script, /test \$\{walt_target\} != dhcp && test \$\{walt_target\} != pxe/);
  t.regex(script, /if test -n "\$\{walt_local\}"; then\n {2}setenv boot_local yes\nelif/);
  t.regex(script, /if test -n "\$\{watchdog_stop\}"; then run watchdog_stop; fi/);
  t.true(script.endsWith('  sleep 5\n  reset\nfi\n'), 'it is reset, and asks again');
});

for (const [title, path, asker, kind] of [
  ['the EEPROM of a 4B goes on to its card', 'start4.elf', pi, 'not-found'],
  ['so it does in its own folder', 'e1ffda08/config.txt', pi, 'not-found'],
  [
    'the ROM of a 3B+ has no other disk',
    'bootcode.bin',
    { ...pi, model: 'rpi-3-b-plus' },
    'one-of',
  ],
  [
    'a 4B with an image gets its firmware',
    'start4.elf',
    { ...pi, bootsLocal: undefined },
    'one-of',
  ],
] as const) {
  test(`where Raspberry Pis start from their own disks, ${title}`, (t) => {
    t.is(decideFile(path, { ...asker, speaker: 'raspberry-pi' } as Asker).kind, kind);
  });
}

test('GRUB of a node that starts from its own disk tries no stick, and what may change the boot order last', (t) => {
  const config = localGrubConfig();
  t.regex(config, /^set walt_answer=yes\n/);
  t.regex(config, /\[ ! -e "\(\$disk,\$part\)"\/autoexec\.ipxe \]/);
  t.regex(config, /shim\$local_cpu\.efi .*grub\$local_cpu\.efi .*BOOT\$local_cpu\.EFI; do\n/);
  t.regex(config, /set root="\$disk,\$part"\n *if chainloader "\$loader"; then boot; fi\n/);
  t.notRegex(config, /^\s*(exit|reboot|halt)\b/m, 'the medium asks again');
});
