// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what GRUB must not expand
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { kernelWords, quoted } from '../../../../agent/boot/grub/quote.ts';
import {
  reasonConfig,
  rebootConfig,
  startConfig,
} from '../../../../agent/boot/grub/start-config.ts';

const plan = {
  kernel: 'kernel',
  commandLine: 'root=/dev/nfs ip=1.2.3.4::off x=${not_ours} y="a b" z=it\'s $(reboot)',
  initrds: ['initrd', 'more.img'],
};

test('quoted() leaves nothing that GRUB would read as its own', (t) => {
  t.is(quoted('plain'), "'plain'");
  t.is(quoted("it's"), "'it'\\''s'");
  t.is(quoted('a\nb'), "'a b'");
});

test('kernelWords() parts words as the kernel does', (t) => {
  t.deepEqual(kernelWords('a  b="c d" "e f"=g h'), ['a', 'b=c d', 'e f=g', 'h']);
  t.deepEqual(kernelWords('open="a b'), ['open=a b']);
  t.deepEqual(kernelWords(''), []);
});

/** But for `set`, GRUB's language is the shell's in all that is used here: a shell shows what the words come to. */
async function runAsShell(config: string, failing: string): Promise<string> {
  const commands = ['linux', 'initrd', 'boot', 'sleep', 'reboot'].map(
    (name) =>
      `${name}() { printf '%s' ${name}; printf '|%s' "$@"; echo; case "$*" in ${failing}) return 1;; esac; }`,
  );
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    [...commands, config.replaceAll(/\bset (\w+=)/g, '$1')].join('\n'),
  ]);
  return stdout;
}

const facts = { server: '192.168.152.1', plan, what: "it's image" };
const ARGUMENTS = "root=/dev/nfs|ip=1.2.3.4::off|x=${not_ours}|y=a b|z=it's|$(reboot)";

test('startConfig() loads kernel and initrds by HTTP and starts them', async (t) => {
  const said = await runAsShell(startConfig(facts), 'none');
  t.deepEqual(said.split('\n').slice(0, 4), [
    "Getting the system of it's image",
    `linux|(http,192.168.152.1)/boot/kernel|${ARGUMENTS}`,
    'initrd|(http,192.168.152.1)/boot/initrd|(http,192.168.152.1)/boot/more.img',
    'boot|',
  ]);
});

test('startConfig() takes TFTP where HTTP fails', async (t) => {
  const said = await runAsShell(startConfig(facts), "'(http'*");
  t.true(said.includes(`linux|(tftp,192.168.152.1)/kernel|${ARGUMENTS}\n`));
  t.true(said.includes('initrd|(tftp,192.168.152.1)/initrd|(tftp,192.168.152.1)/more.img\nboot'));
});

test('startConfig() takes TFTP first for a node that does not come up by HTTP, and HTTP where that fails or GRUB lacks it', async (t) => {
  const careful = startConfig({ ...facts, isCareful: true });
  const said = await runAsShell(careful, 'none');
  t.true(said.includes(`linux|(tftp,192.168.152.1)/kernel|${ARGUMENTS}\n`));
  t.notRegex(said, /http/);
  for (const [config, failing] of [
    [careful, "'(tftp'*"],
    [`grub_netfs_type=efi\n${careful}`, 'none'],
  ] as const) {
    const other = await runAsShell(config, failing);
    t.true(other.includes(`linux|(http,192.168.152.1)/boot/kernel|${ARGUMENTS}\n`));
    t.regex(other, /\nboot\|/);
  }
});

test('startConfig() stays with HTTP where GRUB uses the network of the firmware', async (t) => {
  const config = `grub_netfs_type=efi\n${startConfig(facts)}`;
  t.notRegex(await runAsShell(config, "'(http'*"), /tftp|^boot/m);
  t.regex(await runAsShell(config, 'none'), /^boot/m);
});

test('startConfig() starts nothing without its kernel or an initrd, says so, and leaves the pause to the medium', async (t) => {
  for (const failing of ["*'/kernel'*", "*'/initrd'*"]) {
    const said = await runAsShell(startConfig(facts), failing);
    t.notRegex(said, /^boot/m);
    t.regex(said, /was not started: the lines above tell why\.\n$/);
  }
});

test('startConfig() has the port of an HTTP server that is not at 80', (t) => {
  const config = startConfig({ ...facts, server: '192.168.152.1:8080', warning: 'mind' });
  t.true(config.includes("'(http,192.168.152.1:8080)/boot/kernel'"));
  t.true(config.includes("'(tftp,192.168.152.1)/kernel'"));
  t.true(config.includes("echo '** mind'"));
});

test('reasonConfig() breaks lines between words, for a screen of 80 columns', async (t) => {
  const reason = `${'word '.repeat(40)}${'x'.repeat(90)} end`;
  const lines = (await runAsShell(reasonConfig([reason]), 'none')).split('\n');
  const shown = lines.filter((line) => line.startsWith('** ')).map((line) => line.slice(3));
  t.is(shown.join(' ').replace(/ +/g, ' '), reason);
  t.true(shown.every((line) => line.length <= 76 || line === 'x'.repeat(90)));
});

test('reasonConfig() says why and leaves the pause to the medium; rebootConfig() restarts', async (t) => {
  const said = await runAsShell(reasonConfig(["it's not ready"]), 'none');
  t.is(said, "** it's not ready\n");
  t.regex(await runAsShell(rebootConfig(), 'none'), /\nreboot\|\n$/);
});
