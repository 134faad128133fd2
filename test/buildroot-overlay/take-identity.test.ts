// A node asks the real server who it is, with the real busybox, and everybody else asks too.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../lab/clients/take-address.ts';
import type { Lab } from '../../lab/lab.ts';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { ip } from '../../lab/network/ip.ts';
import { runProgram, succeed } from '../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../support/images/tar.ts';
import { eventually, openLab } from '../support/lab.ts';
import { type Namespace, plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeImage, type NodeImage } from './node-image.ts';

const SERVER = '192.168.152.1';
const MAC = '52:54:00:00:1d:01';
const KEY = '/etc/ssh/ssh_host_ed25519_key';

/** What a boot loader does up to the kernel. */
const LOAD = `
udhcpc -i card -n -q -f -t 3 -T 1 -s ${TAKE_ADDRESS} -V walt.node.pc-x86-64 >/dev/null 2>&1
curl --silent --fail --max-time 20 tftp://${SERVER}/start.ipxe | grep -q '^kernel'
curl --silent --fail --max-time 20 tftp://${SERVER}/kernel | grep -q kernel
`;

/** What an init sees. A second question of the same boot, by root's own ports, comes from here too. */
const REPORT = `
echo "machine-id: $(cat /etc/machine-id)"
for file in $(find /etc/ssh -name '*key*'); do echo "key: $file $(stat -c %a $file)"; done
[ ! -f ${KEY} ] || echo "private: $(sed 's/$/|/' ${KEY} | tr -d '\\n')"
[ ! -f ${KEY}.pub ] || echo "public: $(cat ${KEY}.pub)"
echo "ports: $(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_unprivileged_port_start | tr '\\n\\t' '  ')"
ls -l /etc/systemd/system /var/lib/dbus 2>/dev/null
echo "report ends"`;

type Setting = {
  readonly lab: Lab;
  readonly pc: Namespace;
  readonly mallory: Namespace;
  readonly folder: string;
};

async function open(t: ExecutionContext, title: string): Promise<Setting> {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, title, { images: { registries: [] } });
  const folder = await temporaryFolder(t);
  await lab.startServer();
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default');
  const plug = async (name: string, mac: string) => {
    const machine = await plugMachine(lab.namespace, {
      name: `walt-lab-${title}${name}-${process.pid}`,
      card: { name: 'card', mac, port: `port-${name}` },
    });
    t.teardown(() => machine.remove());
    return machine;
  };
  const pc = await plug('pc', MAC);
  const mallory = await plug('mal', '52:54:00:00:1d:66');
  await ip('-n', mallory.name, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  return { lab, pc, mallory, folder };
}

/** Powers the machine on: what its init says once the image runs. */
async function boot(
  t: ExecutionContext,
  { pc }: Setting,
  prepare = 'mkdir -p etc/ssh',
): Promise<{ readonly said: string; readonly image: NodeImage }> {
  const image = await createNodeImage({
    init: REPORT,
    cmdline: `quiet walt.server.ip=${SERVER}`,
    machine: pc,
  });
  t.teardown(() => image.remove());
  await image.prepare(prepare);
  await load(pc);
  return { said: await image.boot(/report ends|cannot start/), image };
}

const load = (pc: Namespace) => succeed(pc.command(['sh', '-ec', LOAD]));

/** Status of the answer to a question that comes from one of these ports. */
async function ask(from: Namespace, ports: string, ...options: string[]): Promise<string> {
  const args = ['--silent', '--output', '/dev/null', '--write-out', '%{http_code}'];
  const url = `http://${SERVER}/walt-identity`;
  const argv = ['curl', ...args, '--local-port', ports, ...options, url];
  return (await runProgram(from.command(argv))).stdout.toString();
}

const wordOf = (said: string, name: string) =>
  new RegExp(`^${name}: (.+)$`, 'm').exec(said)?.[1] ?? '';
const ROOTS_PORTS = '600-900';

test('a node is the same machine at each boot, and nobody else is told', async (t) => {
  const setting = await open(t, 'idsame');
  const { lab, pc, mallory, folder } = setting;
  const first = await boot(t, setting);
  t.regex(wordOf(first.said, 'machine-id'), /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  t.deepEqual(first.said.match(/^key: .*$/gm)?.toSorted(), [
    `key: ${KEY} 600`,
    `key: ${KEY}.pub 644`,
  ]);
  t.regex(wordOf(first.said, 'ports'), /^32768 60999 1024/, 'the kernel chooses ports as before');
  const keyFile = join(folder, 'key');
  const text = wordOf(first.said, 'private').replaceAll('|', '\n');
  await writeFile(keyFile, text, { mode: 0o600 });
  const derived = await succeed(['ssh-keygen', '-y', '-f', keyFile]);
  t.is(derived.stdout.toString().trim(), wordOf(first.said, 'public'));

  t.is(await ask(pc, ROOTS_PORTS), '403', 'this boot has it already');
  t.is(await ask(pc, ROOTS_PORTS, '--head'), '403');
  t.is(await ask(mallory, ROOTS_PORTS), '403', 'not the address of a node');
  await lab.endServer('SIGKILL');
  await lab.startServer();
  t.is(await ask(pc, ROOTS_PORTS), '403', 'nor does a restart of the server make it another boot');
  await first.image.end();

  await load(pc);
  t.is(await ask(pc, '40000-50000'), '403', 'a port that everybody on the node may use');
  t.is(await ask(mallory, ROOTS_PORTS), '403');
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask(pc, ROOTS_PORTS)));
  t.deepEqual(answers.toSorted(), ['200', '403', '403', '403'], 'one answer a boot');
  await waitForText(
    lab.serverLog,
    /refused.*walt-identity.*this boot of node-001d01 has been given it already/,
    { what: 'the server', seconds: 20 },
  );

  const second = await boot(t, setting);
  for (const name of ['machine-id', 'private', 'public']) {
    t.is(wordOf(second.said, name), wordOf(first.said, name), name);
  }
  await second.image.end();

  const kept = join(lab.folder, 'state/identities');
  t.deepEqual(await readdir(kept), [`${MAC}.json`]);
  t.is((await stat(join(kept, `${MAC}.json`))).mode & 0o777, 0o600);
  t.is((await stat(kept)).mode & 0o777, 0o700);
  const [, keyLine = ''] = text.split('\n');
  t.is(keyLine.length, 70);
  for (const name of ['images', 'layers', 'blobs']) {
    const search = ['grep', '-rlaF', keyLine, join(lab.folder, 'state', name)];
    t.is((await runProgram(search)).stdout.toString(), '', `no key is in ${name}`);
  }
  await lab.walt('device', 'forget', 'node-001d01', '--force');
  // What follows from a command is done a moment behind its answer.
  await eventually(
    () => readdir(kept),
    (names) => names.length === 0,
    30,
  );
  const third = await boot(t, setting);
  t.not(wordOf(third.said, 'public'), wordOf(first.said, 'public'));
});

const OLD_KEYS =
  'mkdir -p etc/ssh; for k in rsa ecdsa ed25519; do echo old >etc/ssh/ssh_host_$k"_key"; done; ';

test('a node takes its identity whatever its image has in the places', async (t) => {
  const setting = await open(t, 'idplace');
  const before = await boot(t, setting);
  await before.image.end();
  const publicKey = wordOf(before.said, 'public');
  for (const [what, prepare, isTaken] of [
    ['keys of its own', OLD_KEYS, true],
    ['a pipe as key', `mkdir -p etc/ssh; mkfifo etc/ssh/ssh_host_ed25519_key etc/machine-id`, true],
    ['a folder as key', `mkdir -p etc/ssh/ssh_host_ed25519_key etc/machine-id`, true],
    [
      'links to nowhere',
      `mkdir -p etc/ssh; ln -s /no/key etc/ssh/ssh_host_ed25519_key; ln -s /no/id etc/machine-id`,
      true,
    ],
    ['a list of keys with ours', `${OLD_KEYS} echo "HostKey ${KEY}" >etc/ssh/sshd_config`, true],
    [
      'other keys alone',
      `${OLD_KEYS} echo "HostKey /etc/ssh/ssh_host_rsa_key" >etc/ssh/sshd_config`,
      false,
    ],
    ['no ssh server', 'true', false],
  ] as const) {
    const { said, image } = await boot(t, setting, prepare);
    await image.end();
    t.is(wordOf(said, 'machine-id'), wordOf(before.said, 'machine-id'), what);
    t.is(wordOf(said, 'public'), isTaken ? publicKey : '', what);
    if (isTaken) t.is(said.match(/^key: /gm)?.length, 2, `${what}: no key of another type`);
    else t.regex(said, /the ssh server of this image keeps its own host key/, what);
  }
  const units = await boot(
    t,
    setting,
    'mkdir -p etc/ssh lib/systemd/system var/lib/dbus; echo old >var/lib/dbus/machine-id; ' +
      'touch lib/systemd/system/regenerate_ssh_host_keys.service lib/systemd/system/sshd-keygen@.service',
  );
  t.regex(units.said, /regenerate_ssh_host_keys\.service -> \/dev\/null/);
  t.regex(units.said, /sshd-keygen@rsa\.service -> \/dev\/null/);
  t.notRegex(units.said, /sshd-keygen@ed25519|sshdgenkeys/);
  await units.image.end();
});

test('a node without an answer boots all the same, and says so', async (t) => {
  const setting = await open(t, 'idnone');
  await load(setting.pc);
  t.is(await ask(setting.pc, ROOTS_PORTS), '200', 'somebody was faster');
  const image = await createNodeImage({
    init: REPORT,
    cmdline: `quiet walt.server.ip=${SERVER}`,
    machine: setting.pc,
  });
  t.teardown(() => image.remove());
  await image.prepare('mkdir -p etc/ssh; echo old >etc/ssh/ssh_host_rsa_key');
  const refused = await image.boot(/report ends/);
  t.regex(refused, /walt: this node keeps no host key over a reboot: .*403/);
  t.regex(refused, /key: \/etc\/ssh\/ssh_host_rsa_key/, 'what the image has stays');
  await image.end();
  await setting.lab.endServer('SIGTERM');
  const away = await image.boot(/report ends/);
  t.regex(away, /walt: this node keeps no host key over a reboot: .*(refused|no answer)/i);
});
