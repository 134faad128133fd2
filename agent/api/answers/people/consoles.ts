// Answers to the calls of `walt node console`.
import type { Shown } from '../../../consoles/console.ts';
import type { Consoles, OpenVisit } from '../../../consoles/consoles.ts';
import { isNode } from '../../../devices/device.ts';
import type { NodeActions } from '../../../nodes/node-actions.ts';
import { refuseThoseOfOthers } from '../../../nodes/ownership.ts';
import type { Answers } from '../../calls/call.ts';
import type { ConsoleLine, consoleCalls } from '../../calls/people/consoles.ts';

/** What these answers need. */
export type ConsoleParts = {
  readonly actions: Pick<NodeActions, 'device'>;
  readonly consoles: Pick<Consoles, 'visit' | 'type' | 'leave'>;
};

/** Answers to the calls of calls/consoles.ts. */
export function consoleAnswers({ actions, consoles }: ConsoleParts): Answers<typeof consoleCalls> {
  return {
    'consoles.open': ({ device: name, takesOthers = false, ...asked }, caller) => {
      const device = actions.device(name);
      if (isNode(device) && !takesOthers) refuseThoseOfOthers([device], caller.user);
      return linesOf(consoles.visit(device.mac, { ...asked, ...caller }));
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
