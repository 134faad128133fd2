// Answers to the calls of `walt node console`.
import type { Shown } from '../../../consoles/console.ts';
import type { Consoles, OpenVisit } from '../../../consoles/consoles.ts';
import { isNode } from '../../../devices/device.ts';
import type { NodeActions } from '../../../nodes/node-actions.ts';
import { refuseThoseOfOthers } from '../../../nodes/ownership.ts';
import type { Answers } from '../../calls/call.ts';
import type { ConsoleLine, consoleCalls } from '../../calls/people/consoles.ts';
import { consoleSession } from '../../frames/sessions.ts';

/** What these answers need. */
export type ConsoleParts = {
  readonly actions: Pick<NodeActions, 'device'>;
  readonly consoles: Pick<Consoles, 'visit' | 'type' | 'take' | 'leave'>;
};

type Asking = { readonly takesOthers: boolean; readonly user: string };

/** Answers to the calls of calls/consoles.ts. */
export function consoleAnswers({ actions, consoles }: ConsoleParts): Answers<typeof consoleCalls> {
  const macOf = (name: string, { takesOthers, user }: Asking) => {
    const device = actions.device(name);
    if (isNode(device) && !takesOthers) refuseThoseOfOthers([device], user);
    return device.mac;
  };
  return {
    'consoles.open': ({ device, takesOthers = false, ...asked }, caller) => {
      const mac = macOf(device, { takesOthers, ...caller });
      return linesOf(consoles.visit(mac, { ...asked, ...caller }));
    },
    'consoles.attach': async ({ node, takesOthers, ...asked }, caller) => {
      const { user } = caller;
      const mac = macOf(node, { takesOthers, user });
      const lines = linesOf(consoles.visit(mac, { ...asked, ...caller, follows: true }));
      return consoleSession(lines, {
        type: (id, bytes) => consoles.type(id, user, bytes),
        control: (id, { type }) => {
          if (type === 'take') consoles.take(id, user);
        },
      });
    },
    'consoles.type': async ({ id, data }, { user }) => {
      await consoles.type(id, user, Buffer.from(data, 'base64'));
      return {};
    },
    'consoles.leave': async ({ id }, { user }) => {
      consoles.leave(id, user);
      return {};
    },
  };
}

async function* linesOf({ id, isWriter, writer, shown }: OpenVisit): AsyncGenerator<ConsoleLine[]> {
  yield [{ kind: 'open', id, isWriter, writer: writer ?? null }];
  for await (const some of shown) yield some.map(lineOf);
}

function lineOf(shown: Shown): ConsoleLine {
  if (shown.kind === 'missed') return shown;
  if (shown.kind === 'writer') return { ...shown, writer: shown.writer ?? null };
  const { source, at, bytes, next } = shown.entry;
  return { kind: 'output', source, at, data: Buffer.from(bytes).toString('base64'), next };
}
