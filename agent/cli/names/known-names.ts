// The names that completion offers in place of an argument, as the server knows them now.
import type { SettingView } from '../../api/calls/settings.ts';
import type { Client } from '../client.ts';
import type { NameKind } from '../command-line/command.ts';
import { helpTopics } from '../help/help-pages.ts';
import { DEVICE_SETS, NODE_SETS, resolveNames } from './node-names.ts';

type Asking = {
  readonly client: Client;
  readonly user: string;
  /** of settings: the devices that they are for, as they were typed */
  readonly of?: string | undefined;
};

/** What each kind of argument may be. */
const NAMES: Readonly<Record<NameKind, (asking: Asking) => Promise<readonly string[]>>> = {
  nodes: async ({ client }) => [...(await nodeNames(client)), ...NODE_SETS],
  node: ({ client }) => nodeNames(client),
  devices: async ({ client }) => [...(await deviceNames(client)), ...DEVICE_SETS],
  device: ({ client }) => deviceNames(client),
  'own-image': async (asking) => await ownImages(asking),
  'image-path': async (asking) => (await ownImages(asking)).map((name) => `${name}:/`),
  'node-path': async ({ client }) => (await nodeNames(client)).map((name) => `${name}:/`),
  'boot-image': async (asking) => [...(await ownImages(asking)), 'default', 'boot-local'],
  link: async ({ client, user }) => {
    const others = (await imageNames(client)).filter((name) => !name.startsWith(`${user}/`));
    return others.map((name) => `walt:${name}`);
  },
  medium: async ({ client }) => (await media(client)).map(({ name }) => name),
  'disk-medium': async ({ client }) =>
    (await media(client)).filter(({ isDisk }) => isDisk).map(({ name }) => name),
  setting: async (asking) => keysIn(await settingsOfNamed(asking)),
  'setting-value': async (asking) => valuesIn(await settingsOfNamed(asking)),
  'new-setting': async ({ client }) => keysIn(await settingsOfNew(client)),
  'new-setting-value': async ({ client }) => valuesIn(await settingsOfNew(client)),
  'power-verb': async () => ['on', 'off', 'cycle', 'status'],
  checkpoint: async ({ client }) => {
    const { checkpoints } = await client.call('logs.checkpoints');
    return checkpoints.map(({ name }) => name);
  },
  topic: async () => helpTopics(),
};

export const NAME_KINDS = Object.keys(NAMES) as NameKind[];

/**
 * Names that completion offers, in alphabetical order.
 * @throws {CommandError} where a kind needs the server and none answers
 */
export async function knownNames(kind: NameKind, asking: Asking): Promise<readonly string[]> {
  return (await NAMES[kind](asking)).toSorted();
}

/** All of the devices get what is set, or none does: those that each of them has. */
async function settingsOfNamed({ client, user, of }: Asking): Promise<SettingView[]> {
  const { settings } = await client.call('settings.list');
  if (of === undefined) return settings;
  const names = await resolveNames([of], { client, user });
  const { devices } = await client.call('devices.settings', { names });
  const has = ({ key }: SettingView) =>
    devices.every((device) => device.settings.some((setting) => setting.key === key));
  return settings.filter(has);
}

async function settingsOfNew(client: Client): Promise<SettingView[]> {
  const { settings } = await client.call('settings.list');
  return settings.filter((setting) => setting.for === 'virtual-nodes');
}

function keysIn(settings: readonly SettingView[]): string[] {
  return settings.map(({ key }) => `${key}=`);
}

function valuesIn(settings: readonly SettingView[]): string[] {
  return settings.flatMap(({ key, offered }) => offered.map((value) => `${key}=${value}`));
}

async function nodeNames(client: Client): Promise<string[]> {
  const { nodes } = await client.call('nodes.list');
  return nodes.map(({ name }) => name);
}

/** The server itself is not among them: nothing can be done to it. */
async function deviceNames(client: Client): Promise<string[]> {
  const { devices } = await client.call('devices.list');
  return devices.filter(({ type }) => type !== 'server').map(({ name }) => name);
}

async function media(client: Client) {
  return (await client.call('media.list')).media;
}

async function imageNames(client: Client): Promise<string[]> {
  const { images } = await client.call('images.list');
  return images.map(({ name }) => name);
}

/** As their owner names them: `web` for `alice/web:latest`. */
async function ownImages({ client, user }: Asking): Promise<string[]> {
  const names = await imageNames(client);
  return names
    .filter((name) => name.startsWith(`${user}/`))
    .map((name) => name.slice(user.length + 1).replace(/:latest$/, ''));
}
