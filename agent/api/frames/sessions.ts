// What goes over the WebSocket of a console or shell: the lines of the call that it stands for become frames, and frames become what is
// typed.
import { z } from 'zod';
import { RequestError } from '../../errors.ts';
import type { FrameLink, Received, Session } from '../calls/call.ts';
import type { ProgramLine } from '../calls/lines/program-line.ts';
import { size } from '../calls/lines/program-line.ts';
import type { ConsoleLine } from '../calls/people/consoles.ts';

type Pages<Line> = AsyncIterable<readonly Line[]>;

/** With what a client works in the program of a session. */
export type Hands = {
  readonly type: (id: string, bytes: Uint8Array) => Promise<void>;
  readonly control: (id: string, control: Control) => Promise<void> | void;
};

/** What a client may say. */
export type Control = z.output<typeof control>;

const control = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('size'), ...size }),
  z.strictObject({ type: z.literal('take') }),
  z.strictObject({ type: z.literal('end') }),
]);

/** A shell: bytes both ways, until the program ends. @param hasTerminal without it standard error is told apart */
export function shellSession(
  lines: Pages<ProgramLine>,
  { hasTerminal, ...hands }: Hands & { readonly hasTerminal: boolean },
): Session {
  return async (link) => {
    let isError = false;
    for await (const page of lines) {
      for (const line of page) {
        if (line.kind === 'shell') attend(link, line.id, hands);
        else if (line.kind === 'output') {
          if (!hasTerminal && line.isError !== isError) {
            ({ isError } = line);
            await link.send({ type: 'output', isError });
          }
          await link.send(Buffer.from(line.data, 'base64'));
        } else if (line.kind === 'ended') await link.send({ type: 'exit', status: line.status });
        else await link.send({ type: 'error', error: line.error });
      }
    }
  };
}

/** A console: what it says, and who types there. */
export function consoleSession(lines: Pages<ConsoleLine>, hands: Hands): Session {
  return async (link) => {
    try {
      for await (const page of lines) {
        for (const line of page) await show(link, line, hands);
      }
    } catch (thrown) {
      if (!(thrown instanceof RequestError)) throw thrown;
      await tell(link, thrown);
    }
  };
}

async function show(link: FrameLink, line: ConsoleLine, hands: Hands): Promise<void> {
  if (line.kind === 'open') {
    const { id, writer, isWriter: isYou } = line;
    await link.send({ type: 'writer', writer, isYou });
    attend(link, id, hands);
  } else if (line.kind === 'output') {
    const { kind: _kind, data, ...said } = line;
    await link.send({ type: 'said', ...said });
    await link.send(Buffer.from(data, 'base64'));
  } else {
    const { kind: type, ...fields } = line;
    await link.send({ type, ...fields });
  }
}

/** Goes on until the client goes; what it may not do is told it. */
function attend(link: FrameLink, id: string, hands: Hands): void {
  const read = async () => {
    for await (const frame of link.received) {
      await take(frame, { id, ...hands }).catch((reason: unknown) => tell(link, reason));
    }
  };
  void read();
}

async function take(
  frame: Received,
  { id, type, control: steer }: Hands & { readonly id: string },
): Promise<void> {
  if (frame instanceof Uint8Array) return await type(id, frame);
  const { success, data } = control.safeParse(frame);
  if (success) return await steer(id, data);
  const forms = '{"type":"size","columns":80,"rows":24}, {"type":"take"} or {"type":"end"}';
  throw new RequestError(400, `Cannot read a frame of text: expected ${forms}`);
}

async function tell(link: FrameLink, reason: unknown): Promise<void> {
  const error = reason instanceof RequestError ? reason.message : 'the server failed';
  await link.send({ type: 'error', error });
}
