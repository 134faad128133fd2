// A good request for each call of the API, in a lab that has what they need.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../../agent/cli/client.ts';
import { startRegistry } from '../../../lab/servers/oci-registry.ts';
import { keepShell } from '../../support/images/keep-shell.ts';
import { makeShellImage } from '../../support/images/shell-image.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../cli/test-platform.ts';

export const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** What its one medium, `pc-usb.dd.gz`, holds. */
export const MEDIUM = 'bytes of a medium';

export type Lab = {
  readonly platform: TestPlatform;
  /** of an image that can be imported */
  readonly layout: string;
  /** Opens a shell in an image of alice's, which stays until the lab is closed. @returns its id */
  readonly openShell: (name: string) => Promise<string>;
  /** Changes something in an image of alice's by a shell, and leaves it without saving. @returns its id */
  readonly keepShell: (name: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** An image that alice has as `pc`, a node that boots it, a free node, an unknown device, and a registry. */
export async function openLab(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-api-'));
  const registry = await startRegistry(join(folder, 'registry'));
  const { address } = registry;
  const lab = { name: 'lab', address, http: true, mirrors: [] };
  const mediaFolder = join(folder, 'media');
  await mkdir(mediaFolder);
  await writeFile(join(mediaFolder, 'pc-usb.dd.gz'), MEDIUM);
  const provider = 'https://id.example';
  const platform = await startTestPlatform({
    registries: [lab],
    mediaFolder,
    signIns: {
      name: 'Lab',
      begin: async () => ({ url: `${provider}/auth`, secret: 'A'.repeat(43) }),
      end: async () => ({ user: 'ivan', role: 'user', provider, isNew: false }),
    },
    askSwitch: async () => ({
      ...{ own: [], stations: new Map(), neighbours: new Map() },
      ports: [{ port: 1, name: 'ge1' }],
    }),
  });
  const { images, registry: devices } = platform;
  const layout = await makeShellImage(join(folder, 'made'));
  await images.import(layout, { name: DEFAULT, progress: () => undefined });
  await images.alias(DEFAULT, 'alice/pc:latest');
  await put(devices, nodeNamed('mine', { ip: '127.0.152.11', image: 'alice/pc:latest' }));
  await put(devices, nodeNamed('free', { ip: '127.0.152.12', image: DEFAULT }));
  const { image: _image, ...unknown } = nodeNamed('unknown-1', { ip: '127.0.152.13' });
  await put(devices, { ...unknown, type: 'unknown' });
  const { image: _none, ...device } = nodeNamed('sw-1', { ip: '127.0.152.17' });
  await put(devices, { ...device, type: 'unknown', settings: { type: 'switch' } });
  const leaving = new AbortController();
  const { signal } = leaving;
  return {
    platform,
    layout,
    keepShell: (name) =>
      keepShell(createClient({ socket: platform.socket, user: 'alice', signal }), name),
    openShell: (name) => openShell({ socket: platform.socket, user: 'alice', signal }, name),
    close: async () => {
      leaving.abort();
      await platform.close();
      await registry.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openShell(
  options: Parameters<typeof createClient>[0],
  name: string,
): Promise<string> {
  const lines = createClient(options).lines('images.shell', { name });
  for (;;) {
    const { value, done } = await lines.next();
    if (done === true || value.kind === 'failed') throw new Error(JSON.stringify(value));
    if (value.kind === 'shell') return value.id;
  }
}

/** Alice may type on the console of her node, where something takes keys. @returns the visit's id */
function openConsole({ platform: { consoles, registry } }: Lab): string {
  const mac = registry.byName('mine')?.mac ?? '';
  consoles.setInput(mac, 'serial', { type: async () => undefined });
  const { signal } = new AbortController();
  const visit = {
    user: 'alice',
    from: '',
    wish: 'take',
    history: 0,
    follows: true,
    signal,
  } as const;
  return consoles.visit(mac, visit).id;
}

/** Gives alice an image of this name. */
async function own({ platform: { images } }: Lab, name: string): Promise<void> {
  await images.alias(DEFAULT, `alice/${name}:latest`);
}

/** What a good request has in its fields. */
type Fields = Readonly<Record<string, unknown>>;
export type CallCase = (lab: Lab) => Promise<Fields> | Fields;

const PASSWORD = 'correct horse battery';

/** Makes an account. */
async function account({ platform: { accounts } }: Lab, name: string): Promise<void> {
  await accounts.create(name, 'user', PASSWORD);
}

export const CASES: Readonly<Record<string, CallCase>> = {
  'server.version': () => ({}),
  'server.describe': () => ({}),
  'server.metrics': () => ({}),
  'server.examine': () => ({}),
  'devices.list': () => ({}),
  'devices.rename': () => ({ device: 'unknown-1', name: 'printer' }),
  'devices.forget': async ({ platform: { registry } }) => {
    await put(registry, nodeNamed('ghost', { ip: '127.0.152.14' }));
    return { device: 'ghost' };
  },
  'devices.kept': () => ({ device: 'free' }),
  'devices.ping': () => ({ device: 'free', count: 1 }),
  'devices.shell': async ({ platform: { registry } }) => {
    const { image: _image, ...unknown } = nodeNamed('switch', { ip: '127.0.152.16' });
    await put(registry, { ...unknown, type: 'unknown' });
    return { device: 'switch', account: 'admin' };
  },
  'nodes.list': () => ({}),
  'nodes.reliability': () => ({}),
  'nodes.show': () => ({ node: 'mine' }),
  'nodes.create': () => ({ name: 'made' }),
  'nodes.remove': () => ({ node: 'made' }),
  'nodes.rename': async ({ platform: { registry } }) => {
    await put(registry, nodeNamed('old', { ip: '127.0.152.15' }));
    return { node: 'old', name: 'new' };
  },
  'nodes.reboot': () => ({ names: ['mine'] }),
  'nodes.power': () => ({ names: ['mine'], verb: 'status' }),
  'nodes.wait': () => ({ names: ['mine', 'free'], timeoutSeconds: 0 }),
  'nodes.boot': () => ({ names: ['free'], image: 'pc' }),
  'nodes.bootLocal': () => ({ names: ['free'] }),
  'nodes.acquire': () => ({ names: ['free', 'mine'], takesOthers: false }),
  'nodes.release': () => ({ names: ['free'] }),
  'nodes.shell': () => ({ node: 'free' }),
  'nodes.copyIn': () => ({ node: 'free', path: '/tmp', name: 'file' }),
  'nodes.copyOut': () => ({ node: 'free', path: '/etc/motd' }),
  'nodes.copyBetween': () => ({
    ...{ node: 'free', path: '/etc/motd' },
    ...{ target: 'mine', targetPath: '/tmp' },
  }),
  'nodes.save': () => ({ node: 'free', name: 'saved-node' }),
  'nodes.connect': () => ({ node: 'free', port: 80 }),
  'nodes.blink': () => ({ node: 'free', seconds: 1 }),
  'nodes.run': () => ({ names: ['free'], command: 'true' }),
  'devices.rescan': () => ({}),
  'devices.tree': () => ({}),
  'devices.ports': () => ({ device: 'sw-1' }),
  'devices.namePort': () => ({ device: 'sw-1', port: '1', name: 'desk' }),
  'devices.credentials': () => ({ device: 'sw-1', user: '', password: 'lab', privacy: '' }),
  'consoles.open': () => ({ device: 'mine', follows: false }),
  'uploads.create': () => ({ form: 'file', name: 'sent' }),
  'consoles.attach': () => ({ node: 'mine' }),
  'nodes.attachShell': () => ({ node: 'free' }),
  'consoles.type': async (lab) => ({
    id: openConsole(lab),
    data: Buffer.from('ls').toString('base64'),
  }),
  'consoles.leave': (lab) => ({ id: openConsole(lab) }),
  'settings.list': () => ({}),
  'nodes.settings': () => ({ names: ['mine'] }),
  'nodes.config': () => ({ names: ['mine'], settings: { 'power.argument': 'sw1 7' } }),
  'devices.settings': () => ({ names: ['mine', 'walt-server'] }),
  'devices.config': () => ({ names: ['mine'], settings: { 'power.argument': 'sw1 8' } }),
  'images.list': () => ({}),
  'database.sql': () => ({ sql: 'SELECT 1' }),
  'images.show': () => ({ name: DEFAULT }),
  'images.refresh': () => ({}),
  'images.updateDefaults': () => ({ dryRun: true }),
  'images.search': () => ({ keyword: 'pc' }),
  'images.import': ({ layout }) => ({ source: layout, name: 'alice/imported' }),
  'images.clone': () => ({ source: `walt:${DEFAULT}`, name: 'cloned', force: true }),
  'images.publish': () => ({ name: 'pc', to: 'lab' }),
  'images.rename': async (lab) => {
    await own(lab, 'before');
    return { name: 'before', to: 'after' };
  },
  'images.duplicate': () => ({ name: 'pc', to: 'second' }),
  'images.remove': async (lab) => {
    await own(lab, 'unwanted');
    return { name: 'unwanted' };
  },
  'media.list': () => ({}),
  'media.download': () => ({ name: 'pc-usb.dd.gz' }),
  'images.gc': () => ({ removeUnused: false }),
  'images.shell': () => ({ name: 'pc' }),
  'images.save': async ({ openShell }) => {
    return { id: await openShell('pc'), name: 'saved', force: false };
  },
  'shells.type': async ({ openShell }) => {
    return { id: await openShell('pc'), data: Buffer.from('ls\n').toString('base64'), isEnd: true };
  },
  'shells.resize': async ({ openShell }) => {
    return { id: await openShell('pc'), columns: 100, rows: 30 };
  },
  'images.keptShells': () => ({}),
  'images.resumeShell': () => ({ id: 'of-nobody' }),
  'images.dropShell': async ({ keepShell }) => ({ id: await keepShell('pc') }),
  'images.squash': async (lab) => {
    await own(lab, 'squashed');
    return { name: 'squashed' };
  },
  'images.build': async ({ platform: { folder } }) => {
    const context = join(folder, 'context');
    await mkdir(context);
    await writeFile(join(context, 'Dockerfile'), 'FROM alice/pc\nRUN echo built > /built\n');
    return { context, name: 'built', force: false };
  },
  'images.copyIn': async (lab) => {
    await own(lab, 'copied');
    return { source: import.meta.filename, name: 'copied', path: '/etc' };
  },
  'images.copyOut': () => ({ name: 'pc', path: '/etc' }),
  'events.follow': () => ({ types: 'boot,device-changed', seconds: 0.1 }),
  'logs.read': ({ platform: { publish } }) => {
    publish([{ kind: 'problem', source: 'nfs', message: 'trouble' }]);
    return { from: 0, to: Number.MAX_SAFE_INTEGER, stream: 'daemon.', realtime: false };
  },
  'logs.sources': () => ({}),
  'logs.checkpoints': () => ({}),
  'logs.addCheckpoint': () => ({ name: 'my-start' }),
  'logs.removeCheckpoint': async ({ platform: { checkpoints } }) => {
    await checkpoints.add({ user: 'alice', name: 'my-end' });
    return { name: 'my-end' };
  },
  'users.logIn': async (lab) => {
    await account(lab, 'alice');
    return { user: 'alice', password: PASSWORD };
  },
  'users.whoAmI': () => ({}),
  'sessions.logIn': async (lab) => {
    await account(lab, 'heidi');
    return { user: 'heidi', password: PASSWORD };
  },
  'sessions.logOut': () => ({}),
  'sessions.ways': () => ({}),
  'sessions.beginOpenId': () => ({}),
  'sessions.endOpenId': async (lab) => {
    await account(lab, 'ivan');
    return { answer: 'code=x&state=y' };
  },
  'users.list': () => ({}),
  'users.create': () => ({ name: 'carol', role: 'operator' }),
  'users.change': async (lab) => {
    await account(lab, 'dave');
    return { name: 'dave', role: 'viewer' };
  },
  'users.setPassword': () => ({ old: PASSWORD, password: PASSWORD }),
  'users.remove': async (lab) => {
    await account(lab, 'erin');
    return { name: 'erin' };
  },
  'tokens.create': () => ({ name: 'backup' }),
  'tokens.list': () => ({ all: true }),
  'tokens.revoke': async ({ platform: { accounts } }) => {
    const wish = { user: 'alice', name: 'old', days: 1, role: 'user' } as const;
    const { stored } = await accounts.createToken(wish);
    return { id: stored.id };
  },
};
