// Asks for what the command line left open.
import { addressOf, type Wish } from './arguments.ts';
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
  if (where.kind === 'virtual') return { kind: 'virtual', address };
  return {
    ...{ kind: 'real', address, dhcp: wish.dhcp ?? 'server', interface: where.interface ?? '' },
    ...(where.vlan === undefined ? {} : { vlan: where.vlan }),
  };
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
