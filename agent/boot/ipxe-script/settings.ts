// The settings of a script: what it has set, and behind that the facts of the machine.
import { factsOf, type ScriptMachine } from './machine.ts';
import { isType, numberOf, parseValue, printValue, type Value } from './values.ts';

/**
 * The card that the machine asked over, and the DHCP options that it got. A machine is taken for one with one card: iPXE would
 * call that one net0, and nobody knows which number another boot loader's card would have there.
 */
const OWN_SCOPE = /^(?:net[0X](?:\.dhcp)?|dhcp)\//;
/** iPXE expands what it has put in again: a script can feed itself for ever. */
const MOST_ROUNDS = 200;
const LONGEST = 4096;

/** Reads, sets and expands settings by their names, as `net0/mac:hexhyp`. */
export class Settings {
  readonly #values = new Map<string, Value>();

  constructor(machine: ScriptMachine) {
    for (const [name, [type, text]] of Object.entries(factsOf(machine))) {
      this.set(`${name}:${type}`, text);
    }
  }

  /** @param name with its type or without; false where the text is no value of that type */
  set(name: string, text: string): boolean {
    const { bare, type } = readName(name);
    const value = parseValue(text, type);
    if (value === undefined) return false;
    if (text === '') this.#values.delete(bare);
    else this.#values.set(bare, value);
    return true;
  }

  clear(name: string): void {
    this.#values.delete(readName(name).bare);
  }

  increase(name: string, by: number): void {
    const { bare, type = 'int32' } = readName(name);
    const before = this.#values.get(bare);
    const number = (before === undefined ? 0 : numberOf(before)) + by;
    this.set(`${bare}:${before?.type.includes('int') ? before.type : type}`, String(number));
  }

  /** Empty for a setting that nobody set. */
  get(name: string): string {
    const { bare, type } = readName(name);
    const value = this.#values.get(bare);
    return value === undefined ? '' : printValue(value, type);
  }

  /** Puts values in the place of `${name}`, inner ones first. */
  expand(text: string): string {
    let expanded = text;
    for (let round = 0; round < MOST_ROUNDS && expanded.length < LONGEST; round += 1) {
      const next = expanded.replace(/\$\{([^${}]*)\}/, (_, name: string) => this.get(name));
      if (next === expanded) break;
      expanded = next;
    }
    return expanded;
  }
}

/** Whether a command that names this card means the one that the machine asked over. */
export function isOwnCard(name: string): boolean {
  return name === 'net0' || name === 'netX';
}

function readName(name: string): { readonly bare: string; readonly type?: string } {
  const [path = '', type] = name.split(':');
  const bare = path.replace(OWN_SCOPE, '');
  return type !== undefined && isType(type) ? { bare, type } : { bare };
}
