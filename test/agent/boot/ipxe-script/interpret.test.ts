// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { ScriptFiles } from '../../../../agent/boot/ipxe-script/files.ts';
import { interpretStart } from '../../../../agent/boot/ipxe-script/interpret.ts';
import { kernelLines, lines, menus } from '../../../support/ipxe-cases.ts';

const machine = {
  model: 'pc-x86-64',
  server: '192.168.152.1',
  ip: '192.168.152.7',
  netmask: '255.255.255.0',
  mac: '52:54:00:f2:67:82',
  hostName: 'node-f26782',
  domain: 'walt',
};

/** Files of an image: scripts with their text, others with anything. */
function filesOf(files: Readonly<Record<string, string>>): ScriptFiles {
  return async (path) => {
    const start = files[path];
    return start === undefined ? undefined : { start };
  };
}

const KERNEL = { kernel: 'MZ', initrd: 'x' };

async function run(lines: readonly string[], files: Readonly<Record<string, string>> = KERNEL) {
  const script = ['#!ipxe', ...lines].join('\n');
  return await interpretStart(filesOf({ ...files, 'start.ipxe': script }), machine);
}

/** The command line that a script gives its kernel. */
async function commandLine(...lines: readonly string[]): Promise<string> {
  const result = await run([...lines, 'boot']);
  return result.kind === 'boot' ? result.plan.commandLine : JSON.stringify(result);
}

test("interpretStart() follows the script of this project's own image", async (t) => {
  const file = join(import.meta.dirname, '../../../../boot-artifacts/images/pc/start.ipxe');
  const script = (await readFile(file, 'utf8')).replaceAll('@MODEL@', machine.model);
  const result = await interpretStart(filesOf({ ...KERNEL, 'start.ipxe': script }), machine);
  t.like(result, { kind: 'boot', problems: [], plan: { kernel: 'kernel', initrds: ['initrd'] } });
  const words = result.kind === 'boot' ? result.plan.commandLine.split(' ') : [];
  for (const word of [
    'nfsroot=192.168.152.1:/var/lib/walt/nodes/192.168.152.7/fs,ro,nolock,nocto,actimeo=86400',
    'ip=192.168.152.7:192.168.152.1::255.255.255.0:node-f26782::off',
    'BOOTIF=01-52-54-00-f2-67-82',
    'init=/bin/walt-init',
    'walt.node.mac=52:54:00:f2:67:82',
  ]) {
    t.true(words.includes(word), `${word} in ${words.join(' ')}`);
  }
  t.false(words.includes('initrd=initrd'), 'names of files of iPXE mean nothing to another loader');
});

test('interpretStart() follows scripts that call others, by HTTP or else by TFTP, as images of WalT do', async (t) => {
  const result = await run(
    [
      'set http-path http://${next-server}/boot',
      'set tftp-path tftp://${next-server}',
      'chain ${http-path}/start-generic || chain ${tftp-path}/start-generic',
    ],
    {
      ...KERNEL,
      'start-generic': [
        '#!ipxe',
        'set nfs-root ${next-server}:/var/lib/walt/nodes/${net0/mac}/fs',
        'chain ${http-path}/server-params.ipxe ||',
        'chain boot-params.ipxe || set params none',
        'set dir ${http-path}',
        'kernel ${dir}/kernel?node_ip=${ip} boot=walt \\',
        '   nfsroot=${nfs-root} ${params} # a comment',
        'initrd ${dir}/initrd',
        'imgargs kernel root=/dev/nfs ${params} nfsroot=${nfs-root}',
        'boot',
      ].join('\n'),
    },
  );
  t.deepEqual(result, {
    kind: 'boot',
    problems: [],
    plan: {
      kernel: 'kernel',
      commandLine:
        'root=/dev/nfs none nfsroot=192.168.152.1:/var/lib/walt/nodes/52:54:00:f2:67:82/fs',
      initrds: ['initrd'],
    },
  });
});

for (const [setting, value] of [
  ['net0/ip', '192.168.152.7'],
  ['netX/ip', '192.168.152.7'],
  ['net0.dhcp/next-server', '192.168.152.1'],
  ['next-server', '192.168.152.1'],
  ['mac', '52:54:00:f2:67:82'],
  ['mac:hexhyp', '52-54-00-f2-67-82'],
  ['net0/mac:hexraw', '525400f26782'],
  ['ip:hexraw', 'c0a89807'],
  ['hostname', 'node-f26782'],
  ['domain', 'walt'],
  ['netmask', '255.255.255.0'],
  ['user-class', 'walt.node.pc-x86-64'],
  ['platform', 'efi'],
  ['buildarch', 'x86_64'],
  ['gateway', ''],
  ['manufacturer:uristring', ''],
  ['proxydhcp/ip', ''],
  ['__proto__', ''],
] as const) {
  test(`interpretStart() expands \${${setting}} as '${value}'`, async (t) => {
    t.is(await commandLine(`kernel kernel x=\${${setting}}`), `x=${value}`);
  });
}

test('interpretStart() keeps what a script sets, counts and clears', async (t) => {
  const lines = ['set a:int32 5', 'inc a', 'inc a 3', 'set b x y', 'set c z', 'clear c'];
  t.is(await commandLine(...lines, 'kernel kernel ${a} ${b} ${c}|'), '9 x y |');
  t.is(await commandLine('set n net0', 'kernel kernel ${${n}/ip}'), '192.168.152.7');
  t.is(await commandLine('set u a b&c/d', 'kernel kernel ${u:uristring}'), 'a%20b%26c%2Fd');
});

for (const [line, expected] of [
  ...lines,
  ['iseq ${platform} efi && set r yes || set r no', 'yes'],
  ['set net1/ip 10.0.0.1 && set r ${net0/ip}', '192.168.152.7'],
  ['cpuid --ext --ecx 29 && set r 64 || set r 32', '32'],
] as const) {
  test(`interpretStart() runs '${line}' as iPXE does`, async (t) => {
    t.is(await commandLine(line, 'kernel kernel ${r}'), expected);
  });
}

for (const line of [
  ...kernelLines,
  'kernel kernel quiet initrd=initrd.magic',
  'imgfetch kernel root=/dev/nfs ; kernel kernel quiet',
  'kernel kernel initrd=of-another-name quiet',
]) {
  test(`interpretStart() loads the kernel for '${line}'`, async (t) => {
    t.like(await run([line, 'boot']), {
      kind: 'boot',
      plan: { kernel: 'kernel', commandLine: 'quiet', initrds: [] },
    });
  });
}

for (const [what, asked, chosen] of menus) {
  test(`interpretStart() chooses ${what} when nobody touches the machine`, async (t) => {
    t.is(await commandLine(...asked, 'kernel kernel ${r}'), chosen);
  });
}

test('interpretStart() follows a menu to the label that is chosen', async (t) => {
  const asked = [
    ...['menu', 'item second', 'item third'],
    'choose --timeout ${t} --default third r && goto ${r} || goto cancel',
  ];
  const labels = [
    ':second',
    'exit 1',
    ':third',
    'kernel kernel third',
    'boot',
    ':cancel',
    'exit 1',
  ];
  t.like(await run(['set t 3000', ...asked, ...labels]), {
    kind: 'boot',
    plan: { commandLine: 'third' },
  });
});

test('interpretStart() does not go on in a script that another one has replaced', async (t) => {
  const files = { ...KERNEL, 'bad.ipxe': '#!ipxe\nkernel missing\n' };
  const result = await run(['chain -r bad.ipxe || goto on', ':on', 'kernel kernel', 'boot'], files);
  t.like(result, { kind: 'failed', problems: [{ file: 'bad.ipxe', line: 2 }] });
});

test('interpretStart() takes scripts of gPXE, and letters with accents for no blanks', async (t) => {
  const script = Buffer.from('#!gpxe\nkernel kernel à-propos\nboot\n').toString('latin1');
  const result = await interpretStart(filesOf({ ...KERNEL, 'start.ipxe': script }), machine);
  const line = result.kind === 'boot' ? result.plan.commandLine : '';
  t.is(Buffer.from(line, 'latin1').toString(), 'à-propos');
});

test('interpretStart() puts what is fetched again behind what came before', async (t) => {
  const files = { vmlinuz: 'MZ', 'a.img': 'x', 'b.img': 'x' };
  const lines = ['initrd a.img', 'initrd b.img', 'initrd a.img', 'boot vmlinuz'];
  t.like(await run(lines, files), { plan: { initrds: ['b.img', 'a.img'] } });
});

for (const [model, buildarch, is64] of [
  ['pc-x86-64', 'x86_64', 'yes'],
  ['pc-x86-32', 'i386', 'no'],
  ['pc-arm64', 'arm64', 'no'],
] as const) {
  test(`interpretStart() knows the processor of a ${model}`, async (t) => {
    const lines = [
      'cpuid --ext 29 && set r yes || set r no',
      'kernel kernel ${buildarch} ${r}',
      'boot',
    ];
    const files = filesOf({ ...KERNEL, 'start.ipxe': ['#!ipxe', ...lines].join('\n') });
    const result = await interpretStart(files, { ...machine, model });
    t.is(result.kind === 'boot' ? result.plan.commandLine : '', `${buildarch} ${is64}`);
  });
}

test('interpretStart() takes goto, labels and loops', async (t) => {
  const lines = ['set n:int32 0', ':again', 'inc n', 'iseq ${n} 3 || goto again', 'goto out'];
  t.is(await commandLine(...lines, 'kernel wrong', ':out', 'kernel kernel n=${n}'), 'n=3');
});

test('interpretStart() starts what `chain` and `boot` name, beside several initrds', async (t) => {
  const files = { vmlinuz: 'MZ', 'a.img': 'x', 'b.img': 'x' };
  const plan = { kernel: 'vmlinuz', commandLine: 'quiet', initrds: ['a.img', 'b.img'] };
  const initrds = ['initrd a.img', 'initrd tftp://192.168.152.1/b.img'];
  t.like(await run([...initrds, 'chain vmlinuz quiet'], files), { kind: 'boot', plan });
  t.like(await run([...initrds, 'imgfetch vmlinuz', 'boot vmlinuz quiet'], files), {
    kind: 'boot',
    plan,
  });
});

const failures: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['an unknown command', ['sanboot iscsi:x'], 2, /unknown command 'sanboot'/],
  ['a missing kernel', ['kernel vmlinuz'], 2, /the image has no file vmlinuz/],
  ['a file of another server', ['kernel http://10.0.0.1/k'], 2, /no file of this image/],
  ['a path that leads out', ['kernel ../../etc/shadow'], 2, /no file of this image/],
  ['a label that is not there', ['', 'goto nowhere'], 3, /no label :nowhere/],
  ['an end without a system', ['echo hello'], 1, /ends without starting a system/],
  ['boot without a kernel', ['boot'], 2, /no kernel is loaded/],
  [
    'an option that iPXE does not have',
    ['kernel --nam x kernel'],
    2,
    /kernel: has no option --nam/,
  ],
  ['a menu that waits for somebody', ['menu', 'item a', 'choose x'], 4, /choose: .*--timeout/],
  ['a menu with a timeout of 0', ['menu', 'item a', 'choose -t 0 x'], 4, /choose: .*--timeout/],
  ['a prompt that waits for somebody', ['prompt Any key'], 2, /prompt: .*keyboard/],
  ['what failed before it waits for somebody', ['kernel no ||', 'shell'], 2, /no file no/],
  ['a loop without end', [':a', 'sleep 1', 'goto a'], 3, /round in circles/],
  ['a script that calls itself', ['chain start.ipxe'], 2, /for ever/],
  ['a file for the inside of the initrd', ['initrd initrd /etc/key'], 2, /only iPXE can/],
  ['the same with a relative path', ['initrd initrd etc/key mode=600'], 2, /only iPXE can/],
  ['a failure that nothing catches', ['isset ${x}', 'kernel kernel', 'boot'], 2, /isset/],
  [
    'what failed before the script gave up',
    ['kernel vmlinuz || goto bad', 'boot', ':bad', 'imgfree kernel ||', 'echo bad', 'exit 1'],
    2,
    /the image has no file vmlinuz/,
  ],
];

for (const [what, lines, line, text] of failures) {
  test(`interpretStart() says where and why for ${what}`, async (t) => {
    const result = await run(lines);
    t.is(result.kind, 'failed');
    const problem = result.problems.at(-1);
    t.like(problem, { file: 'start.ipxe', line: problem?.line });
    t.regex(problem?.text ?? '', text);
    if (what !== 'a loop without end') t.is(problem?.line, line);
  });
}

test('interpretStart() names the file that a failing line is in', async (t) => {
  const files = { ...KERNEL, 'sub/more.ipxe': '#!ipxe\n\nkernel ../other\nboot\n' };
  const result = await run(['chain sub/more.ipxe'], files);
  t.deepEqual(result.problems.at(-1), {
    file: 'sub/more.ipxe',
    line: 3,
    text: 'kernel: the image has no file other',
  });
});

test('interpretStart() tells of an unknown command even where the script goes on', async (t) => {
  const result = await run(['ntp pool.ntp.org ||', 'kernel kernel', 'boot']);
  t.is(result.kind, 'boot');
  t.like(result.problems, [{ file: 'start.ipxe', line: 2 }]);
});

test('interpretStart() wants an iPXE script', async (t) => {
  const files = filesOf({ 'start.ipxe': 'kernel kernel\nboot\n' });
  const [problem] = (await interpretStart(files, machine)).problems;
  t.regex(problem?.text ?? '', /no iPXE script/);
  t.is((await interpretStart(filesOf({}), machine)).kind, 'failed');
});

test('interpretStart() lets a script restart the machine', async (t) => {
  t.is((await run(['kernel missing || reboot'])).kind, 'reboot');
});
