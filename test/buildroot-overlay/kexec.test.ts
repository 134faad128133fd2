// walt-kexec with a server that answers as the test says and a kexec that writes down what it is given; the real ones are in
// test/qemu/virtual-nodes.test.ts.
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { createNodeSide } from './keepers.ts';
import { putBusybox } from './node-image.ts';

const MAC = '52:54:00:00:00:01';
const START = `/walt/pc-x86-64/${MAC}/card/00-00-00-00-00/start.grub`;
const SCRIPT = [
  'set walt_answer=yes',
  "echo 'Getting the system'",
  'set loaded=n',
  "if linux '(http,server)/boot/kernel' 'root=/dev/nfs' 'a b'; then set loaded=y; fi",
  'if [ "$loaded" = n ]; then if linux \'(tftp,server)/kernel\'; then set loaded=y; fi; fi',
  'if [ "$loaded" = y ]; then',
  'set loaded=n',
  "if initrd '(http,server)/boot/initrd' '(http,server)/boot/more'; then set loaded=y; fi",
  'fi',
  'if [ "$loaded" = y ]; then boot; fi',
].join('\n');
const FILES = {
  '/walt-facts': 'name=pc\nkexec=yes\n',
  [START]: SCRIPT,
  '/boot/kernel': 'kernel',
  '/boot/initrd': 'initrd',
  '/boot/more': 'more',
};

type Case = {
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** words of kexec that it refuses */
  readonly refused?: string;
  readonly hasKexec?: boolean;
  /** kind of bus of what the kernel takes for its card, behind a PCI device 8086:100e */
  readonly bus?: 'pci' | 'virtio' | 'usb';
  readonly env?: Readonly<Record<string, string>>;
  /** what the kernel says of it */
  readonly lockdown?: string;
};

/** It says farewell to processes by their name: only those of its own namespace. */
const ALONE = ['unshare', '--mount', '--pid', '--fork', '--mount-proc'];

/** What kexec was told, a line for each time. */
async function told(t: ExecutionContext, one?: Case): Promise<string[]> {
  return (await run(t, one)).calls;
}

/** Beside that, what the console and the log of the server were told. */
async function run(
  t: ExecutionContext,
  { files, refused, hasKexec = true, bus, env, lockdown = '[none] integrity' }: Case = {},
) {
  const all: Readonly<Record<string, string | undefined>> = { ...FILES, ...files };
  const server = createServer(async ({ url = '' }, response) => {
    await setTimeout(50);
    const text = all[decodeURIComponent(url)];
    const [sent = '', missing = ''] = text?.split('<cut>') ?? [];
    const length = sent.length + missing.length;
    response.writeHead(text === undefined ? 404 : 200, { 'content-length': length }).write(sent);
    response.socket?.end();
  });
  // As the server of walt-net does: who ends their side is gone.
  server.on('connection', (socket) => socket.once('end', () => socket.destroy()));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const node = await createNodeSide(
    `walt.node.model=pc-x86-64 walt.node.mac=${MAC} walt.server.ip=127.0.0.1:${port}`,
  );
  t.teardown(() => node.remove());
  const system = join(node.folder, 'system');
  await putBusybox(system);
  await mkdir(join(system, 'sbin'));
  if (bus !== undefined) await putCard(system, bus);
  const kexec = `#!/bin/busybox sh\nprintf '%s\\n' "$*" >>/calls\ncase " $* " in *" ${refused} "*) exit 1 ;; esac\n`;
  const log = join(system, 'log');
  const WALT_LOG_ECHO = await node.script('log-echo', `printf '%s\\n' "$@" >>${log}`);
  await writeFile(join(system, 'lockdown'), `${lockdown}\n`);
  if (hasKexec) await writeFile(join(system, 'sbin/kexec'), kexec, { mode: 0o755 });
  const child = node.start('walt-kexec', {
    command: (argv) => [...ALONE, ...argv],
    env: {
      ...{ WALT_SYSTEM: system, WALT_LOCKDOWN: join(system, 'lockdown'), WALT_LOG_ECHO },
      WALT_KEXEC_FOLDER: join(node.folder, 'kexec'),
      WALT_KEXEC_LEAST_KB: '1',
      ...env,
    },
  });
  await new Promise((ended) => child.once('exit', ended));
  const linesOf = async (path: string) => {
    const text = await readFile(path, 'utf8').catch(() => '');
    return text.replaceAll(join('/run/walt/keepers', node.folder), '').trim().split('\n');
  };
  return {
    calls: await linesOf(join(system, 'calls')),
    log: await linesOf(log),
    screen: await linesOf(join(node.folder, 'kmsg')),
  };
}

/** As /sys shows them: each device in the folder of what it hangs on. */
async function putCard(system: string, bus: string): Promise<void> {
  const sys = join(system, 'sys');
  const pci = join(sys, 'devices/pci0000:00/0000:00:03.0');
  const behind = { pci, virtio: join(pci, 'virtio0'), usb: join(sys, 'devices/platform/usb1') };
  const device = behind[bus as keyof typeof behind];
  await mkdir(device, { recursive: true });
  await mkdir(pci, { recursive: true });
  await writeFile(join(pci, 'vendor'), '0x8086\n');
  await writeFile(join(pci, 'device'), '0x100e\n');
  await symlink('../../../bus/pci', join(pci, 'subsystem'));
  if (device !== pci) await symlink(`/bus/${bus}`, join(device, 'subsystem'));
  for (const [name, address] of [
    ['eth0', '52:54:00:00:00:99'],
    ['eth1', MAC],
  ] as const) {
    const card = join(sys, 'class/net', name);
    await mkdir(card, { recursive: true });
    await writeFile(join(card, 'address'), `${address}\n`);
    await symlink(device, join(card, 'device'));
  }
  // A bridge over it has its address, and nothing that it hangs on.
  const bridge = join(sys, 'class/net/br0');
  await mkdir(bridge);
  await writeFile(join(bridge, 'address'), `${MAC}\n`);
}

const LOAD = '-l /kexec/kernel --command-line=root=/dev/nfs "a b" --initrd=/kexec/initrd';

test('walt-kexec loads what the server has for the node, and goes on to it', async (t) => {
  t.deepEqual(await told(t), [`-s ${LOAD}`, '-e']);
});

test('walt-kexec takes the older call where the kernel refuses the newer one', async (t) => {
  t.deepEqual(await told(t, { refused: '-s' }), [`-s ${LOAD}`, `-c ${LOAD}`, '-e']);
});

test('walt-kexec ends where the kernel refuses both, and says so', async (t) => {
  const { calls, log, screen } = await run(t, { refused: '-l' });
  t.deepEqual(calls, [`-s ${LOAD}`, `-c ${LOAD}`]);
  t.deepEqual(log, ['kexec', 'the kernel was refused']);
  t.deepEqual(screen, ['<1>walt: kexec: the kernel was refused']);
});

test('walt-kexec says that what the kernel took did not start', async (t) => {
  const { calls, log } = await run(t, { refused: '-e' });
  t.deepEqual(calls, [`-s ${LOAD}`, '-e']);
  t.deepEqual(log, ['kexec', 'the kernel that was loaded did not start']);
});

test('walt-kexec asks as a locked-down system, and says what its kernel lacks', async (t) => {
  const start = START.replace('card/', 'secure/card/');
  const files = { [START]: undefined, [start]: SCRIPT };
  const lockdown = 'none [integrity] confidentiality';
  const { log } = await run(t, { files, refused: '-l', lockdown });
  t.deepEqual(log.slice(1), [
    'the kernel was refused: Secure Boot is on, and it has no signature that this machine knows',
  ]);
});

test('walt-kexec says why the server starts nothing', async (t) => {
  const files = {
    [START]: "set walt_answer=yes\necho '** Cannot start pc:'\necho '** no signature'",
  };
  const { calls, log, screen } = await run(t, { files });
  t.deepEqual(calls, ['']);
  t.deepEqual(log, ['kexec', 'Cannot start pc:', 'no signature']);
  t.is(screen.at(-1), '<1>walt: kexec: no signature');
});

test('walt-kexec says which file it cannot get', async (t) => {
  const { log } = await run(t, { files: { '/boot/more': undefined } });
  t.deepEqual(log, ['kexec', 'cannot get boot/more from the server']);
});

for (const [bus, card] of [
  ['pci', '01-80-86-10-0e'],
  ['virtio', '01-80-86-10-0e'],
  ['usb', '00-00-00-00-00'],
] as const) {
  test(`walt-kexec says which card it has, or that it is another: ${bus}`, async (t) => {
    const start = START.replace('00-00-00-00-00', card);
    const files = { [START]: undefined, [start]: SCRIPT };
    t.deepEqual(await told(t, { files, bus }), [`-s ${LOAD}`, '-e']);
  });
}

for (const [what, one] of [
  ['the server says no', { files: { '/walt-facts': 'name=pc\nkexec=no\n' } }],
  ['the server is an older one', { files: { '/walt-facts': 'name=pc\n' } }],
  ['there is nothing to start', { files: { [START]: undefined } }],
  ['the answer is none of ours', { files: { [START]: '<html>' } }],
  ['the node is to start from its own disk', { files: { [START]: 'set walt_answer=yes\nexit' } }],
  ['a file is missing', { files: { '/boot/more': undefined } }],
  ['a file does not come whole', { files: { '/boot/initrd': 'ini<cut>trd' } }],
  ['a file is empty', { files: { '/boot/kernel': '' } }],
  ['the image has no kexec', { hasKexec: false }],
  ['memory is short', { env: { WALT_KEXEC_LEAST_KB: '999999999999' } }],
] as const satisfies readonly (readonly [string, Case])[]) {
  test(`walt-kexec changes nothing where ${what}`, async (t) => {
    t.deepEqual(await told(t, one), ['']);
  });
}
