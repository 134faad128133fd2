// Whether the clock of this machine is known to be right, as it was at the last look; and what people are told of it.
import { messageOf } from '../../errors.ts';

type Options = {
  /** whether the clock is synchronised; it fails where the kernel does not tell */
  readonly ask: () => Promise<boolean>;
  readonly say: (text: string) => void;
};

const TRUST = 'write `time: {trust: yes}` into the configuration if the clock is right';
const RIGHT = 'The clock of this machine is synchronised: nodes are told the time';
const WRONG = `The clock of this machine is not synchronised, so nodes are not told the time. Run chrony or systemd-timesyncd, or ${TRUST}`;

/** Says each change once; that all is well from the start is not worth a line. */
export class ClockWatch {
  readonly #options: Options;
  #said = RIGHT;
  #isRight = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Not before the first look. */
  get isRight(): boolean {
    return this.#isRight;
  }

  /** Asks again. Who cannot know does not tell the time. */
  async look(): Promise<void> {
    const text = await this.#ask();
    this.#isRight = text === RIGHT;
    if (text !== this.#said) this.#options.say(text);
    this.#said = text;
  }

  async #ask(): Promise<string> {
    try {
      return (await this.#options.ask()) ? RIGHT : WRONG;
    } catch (reason) {
      return `Nodes are not told the time, since nobody knows whether the clock of this machine is right: ${messageOf(reason)}. To tell it all the same, ${TRUST}`;
    }
  }
}
