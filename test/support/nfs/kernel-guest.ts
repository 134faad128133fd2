// Runs inside the server VM: the real KernelServer on the real kernel, with mounts by the kernel's own client in
// network namespaces that play the nodes. Prints one line of JSON for each finding.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { makePrivateFolder } from '../../../agent/host/folders/private-folder.ts';
import { mountErofs } from '../../../agent/host/mounting/mount-erofs.ts';
import { writeErofs } from '../../../agent/images/content/roots/erofs/erofs.ts';
import { emptyFolder, ownFile } from '../../../agent/images/content/tree/image-tree.ts';
import { chooseBackend, inspectMachine } from '../../../agent/nfs/backend.ts';
import { KernelServer } from '../../../agent/nfs/kernel/server.ts';
import { parseCidr } from '../../../agent/protocol/ip.ts';

const SERVER = '192.168.152.1';
const A = { ip: '192.168.152.11', mac: '52:54:00:00:00:11' };
const B = { ip: '192.168.152.12', mac: '52:54:00:00:00:12' };

const find = (name: string, value: unknown) =>
  console.log(`FINDING ${JSON.stringify({ name, value })}`);
const run = (...argv: string[]) => execFileSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8' });

/** A shell command of a node's, with its image mounted on /mnt; what it printed, or what mount said. */
function inNode(ip: string, mount: { name: string; version: 3 | 4 }, command: string): string {
  return withMount(ip, { path: `/${mount.name}/fs`, version: mount.version }, command);
}

/** What a node finds in the folder of all nodes, which it knows the name of. */
const listedTo = (ip: string, version: 3 | 4) => withMount(ip, { path: '', version }, 'ls /mnt');

function withMount(ip: string, mount: { path: string; version: 3 | 4 }, command: string): string {
  const options = `vers=${mount.version},ro,nolock,proto=tcp,port=2049,mountport=20048,mountproto=tcp,retry=0,soft,timeo=50`;
  const v4 = 'vers=4.2,ro,proto=tcp,port=2049,retry=0,soft,timeo=50';
  const source = `${SERVER}:/var/lib/walt/nodes${mount.path}`;
  const script = `mount -t nfs -o ${mount.version === 4 ? v4 : options} ${source} /mnt && { ${command}; }`;
  const { stdout, stderr } = spawnSync('ip', ['netns', 'exec', nodeName(ip), 'sh', '-c', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return (stdout || stderr).trim();
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
const many = Array.from({ length: 100 }, (_, i) => ({
  ip: `10.1.${i >> 8}.${i & 255}`,
  mac: `52:54:01:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
  imagePath: first,
}));
const time = async (name: string, exports: Parameters<typeof server.apply>[0]) => {
  const start = performance.now();
  await server.apply(exports);
  find(name, Math.round(performance.now() - start));
};
await time('ms for 100', many);
await time('ms for one more', [...many, { ...A, imagePath: third }]);
find('among many', inNode(A.ip, { name: A.ip, version: 4 }, 'cat /mnt/name'));
await server.stop();
find('stopped', inNode(A.ip, { name: A.ip, version: 3 }, 'cat /mnt/name'));
find('left', run('exportfs', '-s').replace(/\(.*/s, '').trim());
