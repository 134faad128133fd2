// The names that completion offers in place of an argument, as the server knows them now.
import type { Client } from '../client.ts';
import type { NameKind } from '../command-line/command.ts';
import { helpTopics } from '../help/help-pages.ts';
import { DEVICE_SETS } from './node-names.ts';

type Asking = { readonly client: Client; readonly user: string };

/** What each kind of argument may be. */
const NAMES: Readonly<Record<NameKind, (asking: Asking) => Promise<readonly string[]>>> = {
  nodes: async ({ client }) => [...(await nodeNames(client)), ...DEVICE_SETS],
  node: ({ client }) => nodeNames(client),
  device: async ({ client }) => {
    const { devices } = await client.call('devices.list');
    return devices.map(({ name }) => name);
  },
  'own-image': async (asking) => await ownImages(asking),
  'boot-image': async (asking) => [...(await ownImages(asking)), 'default', 'boot-local'],
  link: async ({ client, user }) => {
    const others = (await imageNames(client)).filter((name) => !name.startsWith(`${user}/`));
    return others.map((name) => `walt:${name}`);
  },
  medium: async ({ client }) => (await media(client)).map(({ name }) => name),
  'disk-medium': async ({ client }) =>
    (await media(client)).filter(({ isDisk }) => isDisk).map(({ name }) => name),
  setting: async ({ client }) => {
    const { settings } = await client.call('settings.list');
    return settings.map(({ key }) => `${key}=`);
  },
  'setting-value': async ({ client }) => {
    const { settings } = await client.call('settings.list');
    return settings.flatMap(({ key, offered }) => offered.map((value) => `${key}=${value}`));
  },
  'power-verb': async () => ['on', 'off', 'cycle', 'status'],
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

async function nodeNames(client: Client): Promise<string[]> {
  const { nodes } = await client.call('nodes.list');
  return nodes.map(({ name }) => name);
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
