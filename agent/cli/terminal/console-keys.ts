// Keys of `walt node console`: ctrl-a begins what is for the command itself. Pure: bytes in, what they mean out.

const CTRL_A = 0x01;
const LEAVE = 'd'.charCodeAt(0);

/** What was typed: keys for the console, and whether the person leaves. */
export type Keys = { readonly keys: Uint8Array; readonly leaves: boolean };

/** Takes what is typed in pieces of any length: ctrl-a d leaves, ctrl-a ctrl-a is ctrl-a, ctrl-a and another key is nothing. */
export class ConsoleKeys {
  #isBegun = false;

  /** What these keys mean behind those before them. */
  take(typed: Uint8Array): Keys {
    const keys: number[] = [];
    for (const key of typed) {
      if (!this.#isBegun) {
        if (key === CTRL_A) this.#isBegun = true;
        else keys.push(key);
        continue;
      }
      this.#isBegun = false;
      if (key === LEAVE) return { keys: Uint8Array.from(keys), leaves: true };
      if (key === CTRL_A) keys.push(CTRL_A);
    }
    return { keys: Uint8Array.from(keys), leaves: false };
  }
}
