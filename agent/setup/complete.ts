// Asks for what the command line left open.
import { listenPlace } from '../config/sections/forms.ts';
import { WaltError } from '../errors.ts';
import { addressOf, apiOf, type Wish } from './arguments.ts';
import type { MachineFacts } from './checks.ts';
import { BRIDGE, type Choice } from './choice.ts';

/** Asks somebody at a terminal; an empty answer is an empty text. */
export type Ask = (question: string) => Promise<string>;

const ADDRESS = '192.168.152.1/24';

/** @param ask none where nobody can be asked: then defaults count */
export async function completeChoice(
  wish: Wish,
  { facts, ask }: { readonly facts: MachineFacts; readonly ask?: Ask | undefined },
): Promise<Choice | undefined> {
  const where = wish.kind === undefined ? await askWhere(facts, ask) : wish;
  if (where?.kind === undefined) return undefined;
  const asked = wish.kind === undefined && wish.address === undefined;
  const answer = asked ? await ask?.(`Address of this server there [${ADDRESS}] `) : undefined;
  const address = wish.address ?? addressOf(answer?.trim() || ADDRESS);
  const name = where.interface ?? '';
  const typed = wish.api ?? (asked ? await askApi(facts, { ask, name }) : undefined);
  const api = typed === undefined ? {} : { api: requireOwn(typed, facts) };
  if (where.kind === 'virtual') return { kind: 'virtual', address, ...api };
  return {
    ...{ kind: 'real', address, dhcp: wish.dhcp ?? 'server', interface: name },
    ...(where.vlan === undefined ? {} : { vlan: where.vlan }),
    ...api,
  };
}

async function askApi(
  { addresses }: MachineFacts,
  { ask, name }: { readonly ask: Ask | undefined; readonly name: string },
): Promise<string | undefined> {
  const others = addresses.filter((one) => !['lo', BRIDGE, name].includes(one.interface));
  const [first] = others.map(({ address }) => address.split('/')[0]);
  if (ask === undefined || first === undefined) return undefined;
  const answer = await ask(
    `Shall other machines reach walt and its page, by HTTPS? Where, as ${first}:8443; empty for not at all [] `,
  );
  return answer.trim() === '' ? undefined : apiOf(answer.trim());
}

/** @throws {WaltError} if this machine has no such address: the server would not start */
function requireOwn(api: string, { addresses }: MachineFacts): string {
  const host = listenPlace(api)?.host ?? '';
  const known = addresses.map(({ address }) => address.split('/')[0] ?? '');
  if (known.includes(host) || host.includes(':')) return api;
  throw new WaltError(
    `Cannot set up walt-net: ${host} is no address of this machine, which has ${known.join(', ')}.`,
  );
}

async function askWhere(facts: MachineFacts, ask: Ask | undefined): Promise<Wish | undefined> {
  if (ask === undefined) return undefined;
  const names = facts.links
    .map(({ name }) => name)
    .filter((name) => !['lo', BRIDGE].includes(name));
  const answer = await ask(
    `Which interface leads to the nodes? ${names.join(', ')}; "virtual" for virtual nodes alone [virtual] `,
  );
  const name = answer.trim();
  if (name === '' || name === 'virtual') return { kind: 'virtual' };
  return { kind: 'real', interface: name };
}
