// A server whose walt-net is virtual: it makes the network, lives in it, and leaves that of the machine as it was.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { outsideVariables } from '../../../agent/net/outside.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { freePort } from '../../../lab/network/free-port.ts';
import { ip } from '../../../lab/network/ip.ts';
import { namespaceExists } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { ServerProcess } from '../../../lab/programs/server-process.ts';
import { SERVER, WALT } from '../../../lab/programs/walt-programs.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { startRegistry } from '../../../lab/servers/oci-registry.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');

type Settings = { readonly namespace: string; readonly address: string };

/** What the machine's own network is, but for counters and times. */
async function ownNetwork(): Promise<string> {
  const shown = [await ip('-brief', 'link'), await ip('-brief', 'address'), await ip('route')];
  const { stdout } = await succeed(['nft', 'list', 'ruleset']);
  return [...shown, stdout.toString()].join('\n');
}

type Way = { readonly registries?: readonly object[]; readonly way?: readonly string[] };

async function prepare(
  t: ExecutionContext,
  namespace: string,
  { registries = [], way = [] }: Way = {},
) {
  const folder = await temporaryFolder(t);
  watchOver({ namespaces: [namespace], folders: [folder] });
  const config = join(folder, 'server.yaml');
  const socket = join(folder, 'walt.sock');
  const configure = (network: Settings, listen: readonly string[] = []) =>
    writeFile(
      config,
      JSON.stringify({
        ...{ state: join(folder, 'state'), network, api: { socket, listen } },
        images: { registries },
      }),
    );
  const command = [process.execPath, SERVER, '--config', config];
  const server = new ServerProcess([...way, ...command], join(folder, 'log'));
  const stopNfs = () => succeed([...command, '--stop-nfs'], { seconds: 60 });
  t.teardown(async () => {
    await server.end('SIGTERM');
    await runProgram([...command, '--stop-nfs'], { seconds: 60 });
  });
  return { configure, config, server, socket, stopNfs, folder, command };
}

async function addressesIn(namespace: string): Promise<string[]> {
  const shown = JSON.parse(await ip('-n', namespace, '-json', '-4', 'address', 'show'));
  type Shown = { ifname: string; addr_info: { local: string; prefixlen: number }[] };
  return (shown as Shown[]).flatMap(({ ifname, addr_info: found }) =>
    found.map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
  );
}

test('a server makes its virtual walt-net, and takes it away when it is told to', async (t) => {
  t.timeout(4 * 60_000);
  const namespace = `walt-lab-virtual-${process.pid}`;
  const { configure, server, socket, stopNfs } = await prepare(t, namespace);
  const before = await ownNetwork();
  await configure({ namespace, address: '192.168.152.1/24' });
  await server.start();

  const { ino } = await stat(`/run/netns/${namespace}`);
  t.is(await readlink(`/proc/${server.pid}/ns/net`), `net:[${ino}]`);
  t.is(await readlink(`/proc/${server.pid}/ns/mnt`), await readlink('/proc/self/ns/mnt'));
  const known = await addressesIn(namespace);
  t.true(known.includes('walt-net 192.168.152.1/24'), known.join());
  const cli = [process.execPath, WALT];
  const { stdout } = await succeed(['env', `WALT_SOCKET=${socket}`, ...cli, 'doctor', '--json']);
  const { checks } = JSON.parse(stdout.toString()) as {
    checks: { name: string; status: string }[];
  };
  const statusOf = (name: string) => checks.find((check) => check.name === name)?.status;
  t.deepEqual([statusOf('link'), statusOf('bridge')], ['ok', 'ok']);
  t.is(await ownNetwork(), before);

  // The next one finds the network, and gives it the address of today.
  await server.end('SIGTERM');
  await configure({ namespace, address: '192.168.199.1/24' });
  await server.start();
  const today = (await addressesIn(namespace)).filter((line) => line.startsWith('walt-net '));
  t.deepEqual(today, ['walt-net 192.168.199.1/24']);

  // A new process would be in the network of this one.
  await configure({ namespace: `${namespace}-x`, address: '192.168.199.1/24' });
  process.kill(server.pid, 'SIGUSR2');
  await waitForText(() => server.log(), /network\.namespace has changed, which takes a restart/, {
    ...{ what: 'the server', seconds: 60 },
  });
  await configure({ namespace, address: '192.168.199.1/24' });
  await server.end('SIGTERM');
  await stopNfs();
  t.false(await namespaceExists(namespace));
  t.is(await ownNetwork(), before);
  await t.notThrowsAsync(stopNfs());
});

test('a virtual walt-net that somebody is in stays', async (t) => {
  t.timeout(3 * 60_000);
  const namespace = `walt-lab-vstays-${process.pid}`;
  const { configure, stopNfs } = await prepare(t, namespace);
  await configure({ namespace, address: '192.168.152.1/24' });
  await ip('netns', 'add', namespace);
  const node = runProgram(['ip', 'netns', 'exec', namespace, 'sleep', '300'], { seconds: 300 });
  const isThere = async () => (await ip('netns', 'pids', namespace)).trim();
  while ((await isThere()) === '') await new Promise((resolve) => setImmediate(resolve));
  const pid = await isThere();
  await stopNfs();
  t.true(await namespaceExists(namespace));
  await runProgram(['kill', pid]);
  await node;
  await stopNfs();
  t.false(await namespaceExists(namespace));
});

test('a server in a virtual walt-net gets images from a registry by the way out of it', async (t) => {
  t.timeout(4 * 60_000);
  const namespace = `walt-lab-vout-${process.pid}`;
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(() => registry.stop());
  await registry.push(`${await makeTinyImage(join(folder, 'image'), {})}:image`, 'lab/web:v1');
  const registries = [{ name: 'house', address: registry.address, http: true }];
  const variables = Object.entries(outsideVariables('192.168.152.1'));
  const way = ['env', ...variables.map((each) => each.join('='))];
  const { configure, config, server, socket } = await prepare(t, namespace, { registries, way });
  await configure({ namespace, address: '192.168.152.1/24' });
  await server.start();
  const clone = async () => {
    const cli = [process.execPath, WALT];
    const words = ['image', 'clone', 'house:lab/web:v1', 'root/web'];
    return await runProgram(['env', `WALT_SOCKET=${socket}`, ...cli, ...words], { seconds: 60 });
  };
  t.not((await clone()).code, 0, 'nothing listens there yet');
  // As systemd: the socket is in the network of the server, the program in that of the machine.
  const enter = ['nsenter', `--net=/run/netns/${namespace}`, 'systemd-socket-activate', '-l'];
  const leave = ['127.0.0.1:3128', 'nsenter', `--net=/proc/${process.pid}/ns/net`];
  const argv = [process.execPath, join(ROOT, 'agent/helper/outside/main.ts'), '--config', config];
  const outside = new Background([...enter, ...leave, ...argv]);
  t.teardown(() => outside.kill());
  await outside.waitFor(/Listening on/);
  const { code, said } = await clone();
  t.is(code, 0, said);
});

test('a second server on a state folder is refused before it touches anything', async (t) => {
  t.timeout(4 * 60_000);
  const namespace = `walt-lab-vtwo-${process.pid}`;
  const first = await prepare(t, namespace);
  await first.configure({ namespace, address: '192.168.152.1/24' });
  await first.server.start();
  const { pid } = first.server;
  const before = await addressesIn(namespace);
  // Another walt-net and another socket, and the same state.
  const other = `${namespace}-x`;
  watchOver({ namespaces: [other] });
  const second = join(first.folder, 'second.yaml');
  const state = join(first.folder, 'state');
  const network = { namespace: other, address: '192.168.199.1/24' };
  const api = { socket: join(first.folder, 'second.sock') };
  await writeFile(second, JSON.stringify({ state, network, api }));
  const start = async (config: string) => {
    const [node = '', main = ''] = first.command;
    return await runProgram([node, main, '--config', config], { seconds: 60 });
  };
  for (const config of [second, first.config]) {
    const { code, said } = await start(config);
    t.is(code, 1);
    t.regex(
      said,
      new RegExp(`^Cannot start a second server on .*: a server runs there, process ${pid}\\.`),
    );
    t.regex(said, new RegExp(`Stop it first: systemctl stop walt-server, or kill ${pid}\\.\\n$`));
  }
  t.false(await namespaceExists(other));
  t.deepEqual(await addressesIn(namespace), before);
  // Whoever takes its place has the state folder from then on.
  await first.server.handOver();
  t.not(first.server.pid, pid);
  t.regex((await start(second)).said, new RegExp(`process ${first.server.pid}\\.`));
  // One that was killed a moment ago may still be going: it is waited for.
  process.kill(first.server.pid, 'SIGKILL');
  await first.server.start();
});

test('a start that fails leaves no virtual network behind, and one that was there as it was', async (t) => {
  t.timeout(4 * 60_000);
  const namespace = `walt-lab-vfails-${process.pid}`;
  const { configure, config, command, folder } = await prepare(t, namespace);
  const network = { namespace, address: '192.168.152.1/24' };
  const start = async () => await runProgram(command, { seconds: 90 });
  // It fails last of all: NFS and names have started by then.
  const api = { socket: join(folder, 'walt.sock'), group: 'walt-no-such-group' };
  await writeFile(config, JSON.stringify({ state: join(folder, 'state'), network, api }));
  const late = await start();
  t.is(late.code, 1);
  t.regex(late.said, /walt-no-such-group/);
  t.false(await namespaceExists(namespace), late.said);
  // It fails before it is in there.
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  await configure(network, [`127.0.0.1:${port}`]);
  const early = await start();
  t.regex(early.said, /^Cannot listen where api\.listen says: another program has this address/);
  t.false(await namespaceExists(namespace));
  await ip('netns', 'add', namespace);
  await writeFile(config, JSON.stringify({ state: join(folder, 'state'), network, api }));
  t.is((await start()).code, 1);
  t.true(await namespaceExists(namespace), 'somebody else has made it');
});

test('what is left of a network by its name is mended, or said', async (t) => {
  t.timeout(3 * 60_000);
  const namespace = `walt-lab-vstale-${process.pid}`;
  const { configure, server, command, stopNfs } = await prepare(t, namespace);
  const name = `/run/netns/${namespace}`;
  t.teardown(() => rm(name, { force: true, recursive: true }));
  await configure({ namespace, address: '192.168.152.1/24' });
  await writeFile(name, '');
  await server.start();
  t.true((await addressesIn(namespace)).includes('walt-net 192.168.152.1/24'));
  await server.end('SIGTERM');
  await stopNfs();
  for (const make of [() => writeFile(name, 'of somebody'), () => mkdir(name)]) {
    await make();
    const { code, said } = await runProgram(command, { seconds: 60 });
    t.is(code, 1);
    t.regex(said, /^Cannot make network .*: \/run\/netns\/\S+ is no network, and not what ip\(8\)/);
    await rm(name, { recursive: true });
  }
});

/** The authority of the server, as its clients have it. */
async function authorityIn(folder: string): Promise<string> {
  const file = join(folder, 'authority.pem');
  const kept = join(folder, 'state/api/authority.pem');
  await succeed(['openssl', 'x509', '-in', kept, '-out', file]);
  return file;
}

test('the API of a server with a virtual walt-net is on addresses of the machine, also after a hand-over', async (t) => {
  t.timeout(4 * 60_000);
  const namespace = `walt-lab-vapi-${process.pid}`;
  const { configure, server, socket, folder, command } = await prepare(t, namespace);
  const port = await freePort();
  const listen = [`127.0.0.1:${port}`, `[::1]:${port}`];
  const network = { namespace, address: '192.168.152.1/24' };
  await configure(network, listen);
  await server.start();
  t.regex(await server.log(), new RegExp(`API on https://127\\.0\\.0\\.1:${port}, fingerprint `));
  const ca = await authorityIn(folder);
  const ask = async (place: string) => {
    const how = ['curl', '--silent', '--show-error', '--max-time', '20', '--cacert', ca];
    return (await succeed([...how, `https://${place}/api/v1/version`])).stdout.toString();
  };
  for (const place of listen) t.regex(await ask(place), /no-token/);
  // In the network of the nodes there is nothing of it.
  const { stdout } = await succeed(['ip', 'netns', 'exec', namespace, 'ss', '-ltnH']);
  t.notRegex(stdout.toString(), new RegExp(`:${port}\\b`));
  const first = server.pid;
  process.kill(first, 'SIGUSR2');
  await waitForText(() => server.log(), /hands over to process \d+[\s\S]*\nready\n/, {
    ...{ what: 'the server', seconds: 60 },
  });
  for (const place of listen) t.regex(await ask(place), /no-token/);
  const successor = Number(/hands over to process (\d+)/.exec(await server.log())?.[1]);
  const { ino } = await stat(`/run/netns/${namespace}`);
  t.is(await readlink(`/proc/${successor}/ns/net`), `net:[${ino}]`);
  // From where it is now it can open no other address of the machine.
  await configure(network, [...listen, `127.0.0.2:${port}`]);
  process.kill(successor, 'SIGUSR2');
  await waitForText(() => server.log(), /api\.listen has changed, which takes a restart/, {
    ...{ what: 'the server', seconds: 60 },
  });
  t.regex(await ask(listen[0] ?? ''), /no-token/);
  const cli = [process.execPath, WALT];
  await succeed(['env', `WALT_SOCKET=${socket}`, ...cli, 'node', 'show', '--all']);
  process.kill(successor, 'SIGTERM');
  await waitForEnd(successor);
  // Started inside of that network, it has nothing to listen on.
  await configure(network, listen);
  const inside = await runProgram(['ip', 'netns', 'exec', namespace, ...command], { seconds: 60 });
  t.not(inside.code, 0);
  t.regex(inside.said, /this server was started inside of network .*Start it outside/);
});

async function waitForEnd(pid: number): Promise<void> {
  for (let tries = 0; tries < 300 && existsSync(`/proc/${pid}`); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
