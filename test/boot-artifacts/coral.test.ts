// The Coral Dev Board's U-Boot is of March 2017 and will not change: scripts for it may use what it has, and nothing newer.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { localUBootScript } from '../../agent/boot/local/u-boot-script.ts';
import { recipes } from '../../scripts/images/recipes.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Why the board has each command. "Its own": its maker's environment uses it, or the configuration names it
 * (TinkerEdgeT/mendel-uboot-imx, U-Boot 2017.03 from Mendel's: include/configs/imx8mq_phanbell.h of commit 46c7c844,
 * configs/mx8mq_phanbell_defconfig). "Default": switched on unless a configuration says otherwise, which that one does not
 * (U-Boot's cmd/Kconfig; before Kconfig, include/config_cmd_default.h).
 */
const COMMANDS: Readonly<Record<string, string>> = {
  test: 'its own: mmcboot; comes with CONFIG_HUSH_PARSER',
  false: 'comes with CONFIG_HUSH_PARSER, beside test (common/command line: cmd/test.c)',
  setenv: 'its own: mmcargs',
  run: 'its own: CONFIG_BOOTCOMMAND',
  source: 'its own: bootscript',
  echo: 'its own: mmcboot',
  booti: 'its own: mmcboot',
  dhcp: 'its own: CONFIG_CMD_DHCP',
  ext2load: 'its own: CONFIG_CMD_EXT2',
  tftpboot: 'its own: CONFIG_CMD_NET; netboot uses its short form tftp',
  reset: 'always there (cmd/boot.c)',
  sleep: 'default: CMD_MISC',
  setexpr: 'default: CMD_SETEXPR; of it, sums only',
};

const KEYWORDS = new Set(['if', 'then', 'elif', 'else', 'fi']);

/** CONFIG_SYS_CBSIZE there: a longer line, variables filled in, is cut off. */
const LINE_BYTES = 1024;
/** What start scripts of ours put in for a variable: an address, a name, a path. */
const LONGEST_VALUE = 40;

async function scripts(): Promise<Map<string, string>> {
  const recipe = recipes.find(({ name }) => name === 'coral-dev-board');
  if (recipe?.start.file !== 'start.uboot') throw new Error('no recipe for U-Boot');
  const { template, before = '', command } = recipe.start;
  const texts = new Map<string, string>();
  for (const path of ['boot-artifacts/coral/boot.cmd', before, template]) {
    const text = await readFile(join(ROOT, path), 'utf8');
    texts.set(path, text.replaceAll('@START@', command));
  }
  return texts;
}

/** The commands of a script: what is in single quotes is one as well, to be run later. */
function commandsIn(script: string): string[][] {
  return script
    .replace(/^\s*#.*$/gm, '')
    .replace(/"[^"]*"/g, '""')
    .split(/[\n;']|&&|\|\|/)
    .map((part) => part.trim().split(/\s+/))
    .map((words) => words.slice(words.findIndex((word) => !KEYWORDS.has(word))))
    .filter(([first]) => first !== undefined && first !== '' && !KEYWORDS.has(first));
}

test("scripts for the Coral Dev Board use its U-Boot's commands alone", async (t) => {
  const used = new Set<string>();
  for (const [path, text] of await scripts()) {
    for (const [command = '', ...words] of commandsIn(text)) {
      used.add(command);
      t.true(Object.hasOwn(COMMANDS, command), `${path}: ${[command, ...words].join(' ')}`);
      // `test -e` came later; `=` and -n are as old as the command.
      if (command === 'test') t.regex(words.join(' '), /^(-n \S+|\S+ = \S+)$/, path);
    }
  }
  t.deepEqual([...used].sort(), Object.keys(COMMANDS).sort(), 'the table has no more than is used');
});

test('the script of a node that starts from its own disk is for the U-Boot of a Coral Dev Board too', (t) => {
  const script = localUBootScript();
  // What is behind it is read there, and not run: the medium has set `walt_local`.
  const own = script.slice(0, script.indexOf('elif'));
  t.deepEqual(
    commandsIn(own).map(([command]) => command),
    ['echo', 'test', 'setenv'],
  );
  t.regex(own, /test -n "\$\{walt_local\}"; then\n\s*setenv boot_local yes\n$/);
  for (const [, quoted = ''] of script.matchAll(/"([^"]*)"/g)) t.notRegex(quoted, /['()[\]]/);
  for (const line of script.split('\n')) t.true(line.length < LINE_BYTES);
});

test('a substitution of setexpr, which that U-Boot may lack, is done without where it fails', async (t) => {
  for (const [path, text] of await scripts()) {
    for (const line of text.split('\n').filter((each) => /^\s*setexpr .* (gsub|sub) /.test(each))) {
      t.regex(line, /^\s*setexpr (\w+) gsub .* \|\| setenv \1 /, path);
    }
  }
});

test('no line is too long for that U-Boot, whatever its variables are', async (t) => {
  for (const [path, text] of await scripts()) {
    for (const line of text.split('\n')) {
      const filled = line
        .replace(/\$\{bootargs\}/g, 'x'.repeat(500))
        .replace(/\$\{\w+\}/g, 'x'.repeat(LONGEST_VALUE));
      t.true(filled.length < LINE_BYTES, `${path}: ${line}`);
    }
  }
});

test('boot.cmd relies on no variable but those that the board sets, or that it sets itself', async (t) => {
  const boot = (await scripts()).get('boot-artifacts/coral/boot.cmd') ?? '';
  const set = [...boot.matchAll(/setenv (\w+)/g)].map(([, name]) => name);
  const known = new Set([...set, 'walt', 'serverip']);
  for (const [, name = ''] of boot.matchAll(/\$\{(\w+)\}/g)) t.true(known.has(name), name);
});
