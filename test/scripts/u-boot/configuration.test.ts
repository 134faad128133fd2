import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ineffective, mergeFragments, settings } from '../../../scripts/u-boot/configuration.ts';
import { patchNames } from '../../../scripts/u-boot/source.ts';

const FOLDER = join(import.meta.dirname, '../../../boot-artifacts/rpi/u-boot');
const fragment = (name: string) => readFile(join(FOLDER, `${name}.config`), 'utf8');

test('settings() reads what is set and what is not, and no comment', (t) => {
  t.deepEqual(
    [...settings('# CONFIG_A explains\nCONFIG_B="x y"\n# CONFIG_C is not set\n\nCONFIG_D=15\n')],
    [
      ['CONFIG_B', 'CONFIG_B="x y"'],
      ['CONFIG_C', '# CONFIG_C is not set'],
      ['CONFIG_D', 'CONFIG_D=15'],
    ],
  );
});

test('mergeFragments() lets a later line win, and names nothing twice', (t) => {
  t.is(
    mergeFragments(['CONFIG_A=y\nCONFIG_B=1\n', '# CONFIG_A is not set\n']),
    '# CONFIG_A is not set\nCONFIG_B=1\n',
  );
});

test('ineffective() names lines that the configuration does not have as they were asked for', (t) => {
  const wanted = 'CONFIG_A=y\nCONFIG_B=2\n# CONFIG_C is not set\n# CONFIG_D is not set\n';
  t.deepEqual(ineffective(wanted, 'CONFIG_A=y\nCONFIG_B=1\nCONFIG_C=y\n'), [
    'CONFIG_B=2',
    '# CONFIG_C is not set',
  ]);
});

test('patchNames() reads a quilt series', (t) => {
  t.deepEqual(patchNames('one.patch\n# two.patch\n\nsub/three.patch # why\n'), [
    'one.patch',
    'sub/three.patch',
  ]);
});

test('as shipped no key stops U-Boot, a shell ends in a reset, and nothing is written', async (t) => {
  const lines = settings(mergeFragments([await fragment('common'), await fragment('rpi')]));
  for (const line of [
    'CONFIG_BOOTDELAY=-2',
    'CONFIG_AUTOBOOT_KEYED=y',
    'CONFIG_BOOT_RETRY_TIME=15',
    'CONFIG_RESET_TO_RETRY=y',
    'CONFIG_ENV_IS_NOWHERE=y',
    '# CONFIG_CMD_SAVEENV is not set',
    '# CONFIG_FAT_WRITE is not set',
    'CONFIG_WATCHDOG_AUTOSTART=y',
    'CONFIG_OF_BOARD=y',
  ]) {
    t.true([...lines.values()].includes(line), line);
  }
});

test('for debugging there is a prompt and a network console', async (t) => {
  const lines = settings(
    mergeFragments([await fragment('common'), await fragment('rpi'), await fragment('debug')]),
  );
  t.is(lines.get('CONFIG_BOOTDELAY'), 'CONFIG_BOOTDELAY=5');
  t.is(lines.get('CONFIG_BOOT_RETRY'), '# CONFIG_BOOT_RETRY is not set');
  t.is(lines.get('CONFIG_NETCONSOLE'), 'CONFIG_NETCONSOLE=y');
  // `stdout` with two names is an error without it.
  t.is(lines.get('CONFIG_CONSOLE_MUX'), 'CONFIG_CONSOLE_MUX=y');
});
