// Answers to the calls of `walt node console`.
import type { Shown } from '../../../consoles/console.ts';
import type { Consoles, OpenVisit } from '../../../consoles/consoles.ts';
import { isNode } from '../../../devices/device.ts';
import type { Registry } from '../../../devices/registry.ts';
import type { NodeActions } from '../../../nodes/node-actions.ts';
import { refuseThoseOfOthers } from '../../../nodes/ownership.ts';
import type { Answers } from '../../calls/call.ts';
import type { ConsoleLine, consoleCalls } from '../../calls/people/consoles.ts';
import { consoleSession } from '../../frames/sessions.ts';

/** What these answers need. */
export type ConsoleParts = {
  readonly actions: Pick<NodeActions, 'device'>;
  readonly registry: Pick<Registry, 'byMac'>;
  readonly consoles: Pick<Consoles, 'visit' | 'type' | 'take' | 'leave'>;
};

type Asking = { readonly takesOthers: boolean; readonly user: string };

/** Answers to the calls of calls/people/consoles.ts. */
export function consoleAnswers(parts: ConsoleParts): Answers<typeof consoleCalls> {
  const { consoles } = parts;
  const rights = new Map<string, Right>();
  const type = async (id: string, user: string, bytes: Uint8Array) => {
    rights.get(id)?.check();
    await consoles.type(id, user, bytes);
  };
  return {
    'consoles.open': ({ device, takesOthers = false, ...asked }, caller) => {
      const right = rightTo(device, parts, { takesOthers, ...caller });
      const visit = consoles.visit(right.mac, { ...asked, ...caller });
      rights.set(visit.id, right);
      caller.signal.addEventListener('abort', () => rights.delete(visit.id), { once: true });
      return linesOf(visit, right);
    },
    'consoles.attach': async ({ node, takesOthers, ...asked }, caller) => {
      const { user } = caller;
      const right = rightTo(node, parts, { takesOthers, user });
      const visit = consoles.visit(right.mac, { ...asked, ...caller, follows: true });
      return consoleSession(linesOf(visit, right), {
        type: async (id, bytes) => {
          right.check();
          await consoles.type(id, user, bytes);
        },
        control: async (id, { type: verb }) => {
          right.check();
          if (verb === 'take') consoles.take(id, user);
        },
      });
    },
    'consoles.type': async ({ id, data }, { user }) => {
      await type(id, user, Buffer.from(data, 'base64'));
      return {};
    },
    'consoles.leave': async ({ id }, { user }) => {
      consoles.leave(id, user);
      return {};
    },
  };
}

/** To the console of a device, for as long as it is nobody else's: a console stays open over boots, also into an image of another user. */
type Right = {
  readonly mac: string;
  /** @throws {RequestError} if the node is another user's now */
  readonly check: () => void;
};

function rightTo(
  name: string,
  { actions, registry }: Pick<ConsoleParts, 'actions' | 'registry'>,
  { takesOthers, user }: Asking,
): Right {
  const { mac } = actions.device(name);
  const check = () => {
    const device = registry.byMac(mac);
    if (device !== undefined && isNode(device) && !takesOthers) refuseThoseOfOthers([device], user);
  };
  check();
  return { mac, check };
}

async function* linesOf(
  { id, isWriter, writer, shown }: OpenVisit,
  { check }: Right,
): AsyncGenerator<ConsoleLine[]> {
  yield [{ kind: 'open', id, isWriter, writer: writer ?? null }];
  for await (const some of shown) {
    check();
    yield some.map(lineOf);
  }
}

function lineOf(shown: Shown): ConsoleLine {
  if (shown.kind === 'missed') return shown;
  if (shown.kind === 'writer') return { ...shown, writer: shown.writer ?? null };
  const { source, at, bytes, next } = shown.entry;
  return { kind: 'output', source, at, data: Buffer.from(bytes).toString('base64'), next };
}
