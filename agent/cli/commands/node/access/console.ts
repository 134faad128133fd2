// `walt node console`: what a node says on its console, and by the network on its way up; and keys for it.
import type { ConsoleLine } from '../../../../api/calls/people/consoles.ts';
import type { Asked, Client } from '../../../client.ts';
import { type Args, type Command, type Io, YES_OPTION } from '../../../command-line/command.ts';
import { CommandError } from '../../../command-line/command-error.ts';
import { NodesOff } from '../../../names/nodes-off.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { NoServerError } from '../../../no-server-error.ts';
import { ConsoleKeys } from '../../../terminal/console-keys.ts';
import { ConsoleScreen } from '../../../terminal/console-screen.ts';
import { untilBack } from '../../../until-back.ts';

/** Lines of the past where nobody says how many. */
const LAST = 20;
const MOST_LINES = 100_000;

export const nodeConsole: Command = {
  category: 'node',
  name: 'console',
  help: 'see the console of a node, and type there; ctrl-a d leaves',
  arguments: [{ name: 'NAME', help: 'its name', names: 'node' }],
  options: [
    { name: 'take', help: 'type also where another user does: that one only looks from then on' },
    { name: 'watch', help: 'only look' },
    {
      name: 'history',
      value: 'N',
      help: `begin with the last N lines that were recorded (by default ${LAST})`,
    },
    { name: 'dump', help: 'print what was recorded, all unless --history says how much, and end' },
    { name: 'json', help: 'print JSON, an object for each piece that was said' },
    YES_OPTION,
  ],
  async run(client, args, io) {
    const [device = ''] = args.words;
    const follows = !args.flags.has('dump');
    const history = linesOf(args.values.get('history') ?? String(follows ? LAST : MOST_LINES));
    const takesOthers = await confirmOthers([device], { client, args, io });
    const asked = { device, takesOthers, follows, history, wish: wishOf(args, io) };
    await new Visit(client, { args, io }).run(asked);
  },
};

function linesOf(text: string): number {
  const lines = Number(text);
  if (/^\d+$/.test(text) && lines <= MOST_LINES) return lines;
  throw new CommandError(
    `Cannot begin with '${text}' lines, expected a number from 0 to ${MOST_LINES}, as 100`,
  );
}

/** Without a terminal there are no keys: lines of a script would be typed before anybody reads them. */
function wishOf({ flags }: Args, io: Io): 'watch' | 'write' | 'take' {
  const ways = ['take', 'watch', 'dump'].filter((way) => flags.has(way));
  if (ways.length > 1) {
    throw new CommandError(
      `walt node console: give one of ${ways.map((way) => `--${way}`).join(', ')}`,
    );
  }
  const isTerminal = io.wire.terminal() !== undefined && !flags.has('json');
  if (flags.has('take') && !isTerminal) {
    throw new CommandError('walt node console --take: there is no terminal to type on');
  }
  if (ways.some((way) => way !== 'take') || !isTerminal) return 'watch';
  return flags.has('take') ? 'take' : 'write';
}

type Options = { readonly args: Args; readonly io: Io };
type Opening = Asked<'consoles.open'> & { readonly follows: boolean };

class Visit {
  readonly #client: Client;
  readonly #io: Io;
  readonly #isJson: boolean;
  readonly #screen = new ConsoleScreen();
  readonly #keys = new ConsoleKeys();
  readonly #off: NodesOff;
  #id: string | undefined;
  #mayType = false;
  #hasLeft = false;
  #after: number | undefined;

  constructor(client: Client, { args, io }: Options) {
    this.#client = client;
    this.#io = io;
    this.#isJson = args.flags.has('json');
    this.#off = new NodesOff(client, (text) => this.#say(text));
  }

  /** Until the person leaves, or the record ends; over restarts of the server. */
  async run(opening: Opening): Promise<void> {
    const { wire } = this.#io;
    const isTerminal = wire.terminal() !== undefined && opening.follows && !this.#isJson;
    const disconnect = isTerminal ? this.#connect() : () => undefined;
    try {
      for (let asked = opening; ; ) {
        const gone = await this.#read(asked);
        if (gone === undefined || this.#hasLeft) return;
        await this.#untilBack(gone);
        asked = { ...opening, ...(this.#after === undefined ? {} : { after: this.#after }) };
      }
    } finally {
      if (isTerminal) await this.#say('left');
      disconnect();
    }
  }

  /** @returns how it was noticed that the server has gone; undefined where it ended the answer */
  async #read(asked: Opening): Promise<NoServerError | undefined> {
    try {
      for await (const line of this.#client.lines('consoles.open', asked)) {
        await this.#take(line, asked);
      }
      return undefined;
    } catch (thrown) {
      if (!(thrown instanceof NoServerError) || this.#id === undefined) throw thrown;
      this.#mayType = false;
      return thrown;
    }
  }

  async #untilBack(gone: NoServerError): Promise<void> {
    const note = (text: string) => void this.#say(text);
    const check = () => {
      if (this.#hasLeft) throw gone;
    };
    const back = untilBack(() => this.#client.call('server.version'), {
      ...{ gone, check },
      io: { ...this.#io, note },
    });
    await back.catch((reason: unknown) => {
      if (!this.#hasLeft) throw reason;
    });
  }

  async #take(line: ConsoleLine, { wish, device, follows }: Opening): Promise<void> {
    if (line.kind === 'output') this.#after = line.next;
    if (this.#isJson) return this.#printJson(line);
    if (line.kind === 'open') {
      this.#id = line.id;
      this.#mayType = line.isWriter;
      await this.#greet(line, wish);
      if (follows) await this.#off.tell([device]);
      return;
    }
    if (line.kind === 'writer') return await this.#tellWriter(line);
    if (line.kind === 'missed')
      return await this.#say(`${line.bytes} bytes are gone from the record`);
    await this.#io.wire.write(this.#screen.take(line), { isError: false });
  }

  #printJson(line: ConsoleLine): void {
    if (line.kind === 'open') this.#id = line.id;
    if (line.kind !== 'output') return;
    const text = Buffer.from(line.data, 'base64').toString();
    this.#io.out(JSON.stringify({ at: line.at, source: line.source, text }));
  }

  async #greet(
    { isWriter, writer }: Extract<ConsoleLine, { readonly kind: 'open' }>,
    wish: Opening['wish'],
  ): Promise<void> {
    if (wish === 'watch') return;
    const how = isWriter
      ? 'you type here; ctrl-a d leaves'
      : `${writer} types here, you only look: --take types instead; ctrl-a d leaves`;
    await this.#say(how);
  }

  async #tellWriter({
    writer,
    isYou,
  }: Extract<ConsoleLine, { readonly kind: 'writer' }>): Promise<void> {
    if (isYou === this.#mayType && isYou) return;
    this.#mayType = isYou;
    if (writer !== null) await this.#say(isYou ? 'you type here' : `${writer} types here now`);
  }

  #connect(): () => void {
    return this.#io.wire.connect({
      onInput: (bytes) => this.#type(bytes),
      onEnd: () => void this.#leave(),
      onResize: () => undefined,
    });
  }

  async #type(typed: Uint8Array): Promise<void> {
    const { keys, leaves } = this.#keys.take(typed);
    if (keys.length > 0 && this.#mayType && this.#id !== undefined) {
      const asked = { id: this.#id, data: Buffer.from(keys).toString('base64') };
      await this.#client.call('consoles.type', asked).catch((reason: unknown) => {
        // A server that has gone is noticed by what it says.
        if (reason instanceof NoServerError || !(reason instanceof CommandError)) return;
        return this.#say(reason.message);
      });
    }
    if (leaves) await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#hasLeft = true;
    const id = this.#id;
    if (id !== undefined) await this.#client.call('consoles.leave', { id }).catch(() => undefined);
  }

  async #say(text: string): Promise<void> {
    const isTerminal = this.#io.wire.terminal() !== undefined && !this.#isJson;
    if (!isTerminal) return this.#io.note(text);
    await this.#io.wire.write(this.#screen.note(text), { isError: true });
  }
}
