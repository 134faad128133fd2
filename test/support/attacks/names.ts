// Attacks on what keeps names for all: questions without end by UDP, and connections that are held.
import type { Pace } from '../../../agent/net/firewall/rules.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import type { Namespace } from '../namespace.ts';
import type { Attack } from './attack.ts';
import { eventuallyConnects, metOf, openFortress, plugNode, SERVER } from './fortress.ts';
import { shares } from './nfs.ts';

const PACE: Pace = {
  ...({ limit: 'names-pace', countsUdp: true, ports: [53] } as const),
  ...{ perSecond: 1, atOnce: 5 },
};

/** Sends so many questions from one socket at once. @returns how many were answered */
async function answers(from: Namespace, count: number): Promise<number> {
  const lines = `seq ${count} | while read -r line; do echo "$line"; sleep 0.01; done`;
  const ask = ['sh', '-c', `(${lines}) | socat -t 3 - UDP:${SERVER}:53`];
  const { stdout } = await runProgram(from.command(ask), { seconds: 60 });
  return stdout.toString().split('\n').filter(Boolean).length;
}

const pace: Attack = async (t) => {
  const { namespace, firewall } = await openFortress(t, 'wfwn', PACE, [53]);
  const echo = namespace.command(['socat', 'UDP-LISTEN:53,fork,reuseaddr', 'EXEC:cat']);
  void runProgram(echo, { seconds: 120 });
  const greedy = await plugNode(t, namespace, 'wfwng', 66);
  const node = await plugNode(t, namespace, 'wfwnn', 11);
  t.true(await eventuallyConnects(node, 53));
  const heard = await answers(greedy, 200);
  t.true(heard > 0 && heard < 100, `${heard} of 200 questions were answered`);
  t.is(await answers(node, 2), 2);
  return await metOf(firewall);
};

/** By the row that each of them meets. */
export const namesAttacks = {
  'names-pace': pace,
  'names-connections': shares('names-connections'),
} as const satisfies Readonly<Record<string, Attack>>;
