// Runs inside the server VM: the real KernelServer on the real kernel, with mounts by the kernel's own client in
// network namespaces that play the nodes. Prints one line of JSON for each finding.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { makePrivateFolder } from '../../../agent/host/folders/private-folder.ts';
import { mountErofs } from '../../../agent/host/mounting/mount-erofs.ts';
import { writeErofs } from '../../../agent/images/content/roots/erofs/erofs.ts';
import { emptyFolder, ownFile } from '../../../agent/images/content/tree/image-tree.ts';
import { chooseBackend, inspectMachine } from '../../../agent/nfs/backend.ts';
import { KernelServer } from '../../../agent/nfs/kernel/server.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';

const SERVER = '192.168.152.1';
const A = { ip: '192.168.152.11', mac: '52:54:00:00:00:11' };
/** A neighbour: those two are one client of what both may read. */
const B = { ip: '192.168.152.10', mac: '52:54:00:00:00:10' };

const find = (name: string, value: unknown) =>
  console.log(`FINDING ${JSON.stringify({ name, value })}`);
const run = (...argv: string[]) => execFileSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8' });

/** A shell command of a node's, with its image mounted on /mnt; what it printed, or what mount said. */
function inNode(ip: string, mount: { name: string; version: 3 | 4 }, command: string): string {
  return withMount(ip, { path: `/${mount.name}/fs`, version: mount.version }, command);
}

/** What a node finds in the folder of all nodes, which it knows the name of. */
const listedTo = (ip: string, version: 3 | 4) => withMount(ip, { path: '', version }, 'ls /mnt');

function withMount(ip: string, mount: Parameters<typeof mountCommand>[0], command: string): string {
  const script = `${mountCommand(mount)} && { ${command}; }`;
  const { stdout, stderr } = spawnSync('ip', ['netns', 'exec', nodeName(ip), 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return (stdout || stderr).trim();
}

/** @param mount.folder on the server: where nodes look, or any that a node knows of */
function mountCommand(mount: { path: string; version: 3 | 4; folder?: string }): string {
  const { path, version, folder = '/var/lib/walt/nodes' } = mount;
  const options = `vers=${version === 4 ? '4.2' : '3,nolock,mountport=20048,mountproto=tcp'}`;
  const others = 'ro,proto=tcp,port=2049,retry=0,soft,timeo=50';
  return `mount -t nfs -o ${options},${others} '${SERVER}:${folder}${path}' /mnt`;
}

/** A node that stays up: each call reads its image anew, from a server that it mounted long ago. */
function runningNode(ip: string, version: 3 | 4): { read: () => Promise<string>; end: () => void } {
  const mount = mountCommand({ path: `/${ip}/fs`, version });
  const loop = 'while read _; do echo 3 > /proc/sys/vm/drop_caches; cat /mnt/name 2>&1; echo; done';
  const argv = ['netns', 'exec', nodeName(ip), 'sh', '-c', `${mount}; exec 5< /mnt/name; ${loop}`];
  const node = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: node.stdout });
  const read = async () => {
    node.stdin.write('\n');
    const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(60_000) });
    return String(line);
  };
  return { read, end: () => void node.stdin.end() };
}

const nodeName = (ip: string) => `n${ip.split('.')[3]}`;

function image(name: string): string {
  const folder = `/srv/state/image ${name}/fs`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/name`, `image ${name}`);
  return folder;
}

/** A file system over the data of a layer, as images are where those can be mounted. */
async function mountedImage(name: string): Promise<string> {
  const folder = `/srv/state/image ${name}`;
  const [target, file, data] = ['fs', 'root.erofs', 'data'].map((each) => `${folder}/${each}`) as [
    string,
    string,
    string,
  ];
  mkdirSync(target, { recursive: true });
  const text = `image ${name}`;
  writeFileSync(data, Buffer.concat([Buffer.alloc(4096), Buffer.from(text.padEnd(4096, '\0'))]));
  const root = emptyFolder();
  const content = { kind: 'layer', layer: 0, offset: 4096 } as const;
  root.children.set('name', { ...ownFile(new Uint8Array(), 0o644), size: text.length, content });
  await writeErofs(root, { path: file, layers: [8192], uuid: new Uint8Array(16).fill(3) });
  await mountErofs(target, { file, data: [data] });
  return target;
}

function makeNetwork(): void {
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'walt-net', 'type', 'bridge');
  run('ip', 'address', 'add', `${SERVER}/24`, 'dev', 'walt-net');
  run('ip', 'link', 'set', 'walt-net', 'up');
  for (const { ip } of [A, B]) {
    const name = nodeName(ip);
    run('ip', 'netns', 'add', name);
    run('ip', 'link', 'add', `v${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    run('ip', 'link', 'set', `v${name}`, 'master', 'walt-net', 'up');
    run('ip', '-n', name, 'address', 'add', `${ip}/24`, 'dev', 'eth0');
    run('ip', '-n', name, 'link', 'set', 'eth0', 'up');
  }
}

for (const module of ['nfs', 'nfsv3', 'nfsv4', 'loop', 'erofs']) run('modprobe', module);
makeNetwork();
// Somebody else's export, which must stay; and without any, Debian's init script (not its systemd unit) starts nothing.
mkdirSync('/srv/other', { recursive: true });
writeFileSync('/etc/exports', '/srv/other 192.168.152.99/32(ro,no_subtree_check)\n');
run('service', 'rpcbind', 'start');
find('backend', chooseBackend('auto', { ...(await inspectMachine()) }));

// As the server does at its start: whoever is not root comes to no image but by NFS.
await makePrivateFolder('/srv/state');
const server = new KernelServer({
  subnet: parseCidr(`${SERVER}/24`),
  folder: '/srv/state/nfs',
  onProblem: (message) => find('problem', message),
});
await server.start();
const [first, second] = [image('first'), image('second')];
const third = await mountedImage('third');
await server.apply([
  { ...A, imagePath: first },
  { ...B, imagePath: second },
]);
for (const version of [3, 4] as const) {
  for (const name of [A.ip, A.mac]) {
    find(`own v${version}`, inNode(A.ip, { name, version }, 'cat /mnt/name'));
    find(`other v${version}`, inNode(B.ip, { name, version }, 'cat /mnt/name'));
  }
  find(`listed v${version}`, listedTo(B.ip, version));
  const write = 'busybox mount -o remount,rw /mnt; echo x > /mnt/new; ls /mnt';
  find(`write v${version}`, inNode(A.ip, { name: A.ip, version }, write));
}
await server.apply([
  { ...A, imagePath: third },
  { ...B, imagePath: second },
]);
for (const version of [3, 4] as const) {
  find(`switched v${version}`, inNode(A.ip, { name: A.mac, version }, 'cat /mnt/name'));
  find(`unchanged v${version}`, inNode(B.ip, { name: B.mac, version }, 'cat /mnt/name'));
}
// Nodes that run stay where they are while what they are exported with becomes another client, and one again.
const running = ([3, 4] as const).map((version) => ({ version, node: runningNode(A.ip, version) }));
for (const imagePath of [second, third, second]) {
  for (const { version, node } of running) find(`running v${version}`, await node.read());
  await server.apply([
    { ...A, imagePath: third },
    { ...B, imagePath },
  ]);
  find('clients', run('exportfs', '-s').match(/image\\040third\S*\s+[\d./]+/)?.[0] ?? '');
}
for (const { node } of running) node.end();

const many = Array.from({ length: 1000 }, (_, i) => ({
  ip: `10.1.${i >> 8}.${i & 255}`,
  mac: `52:54:01:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
  imagePath: first,
}));
const time = async <Result>(name: string, work: () => Result | Promise<Result>) => {
  const start = performance.now();
  const result = await work();
  find(name, Math.round(performance.now() - start));
  return result;
};
const nameIn = (version: 3 | 4) => inNode(A.ip, { name: A.ip, version }, 'cat /mnt/name');
await time('ms for 1,000', () => server.apply(many));
// Reads the table once, so that what follows is timed alike.
find('none of many', nameIn(3));
await time('ms for one more', () => server.apply([...many, { ...A, imagePath: third }]));
find('among many', await time('ms to mount v3', () => nameIn(3)));
find('among many', await time('ms to mount v4', () => nameIn(4)));
await time('ms for another image', () => server.apply([...many, { ...A, imagePath: second }]));
find('changed among many', await time('ms to mount v3', () => nameIn(3)));
find('changed among many', await time('ms to mount v4', () => nameIn(4)));
for (const version of [3, 4] as const) {
  // By the path of the image itself, past the link of the node.
  const byPath = (folder: string) =>
    withMount(A.ip, { folder, path: '', version }, 'cat /mnt/name');
  find('own by path', byPath(second));
  find('former by path', byPath(third));
}
await time('ms for one less', () => server.apply(many));
for (const version of [3, 4] as const) find('gone from many', nameIn(version));
await server.stop();
find('stopped', inNode(A.ip, { name: A.ip, version: 3 }, 'cat /mnt/name'));
find('left', run('exportfs', '-s').replace(/\(.*/s, '').trim());
