// What a setting is: one row of the table of settings. Nothing here knows where a setting is kept or what it does.
import type { Device } from '../devices/device.ts';

/** What reading a value gives: the value, or why it is none, which goes on behind `KEY=VALUE: `. */
export type Reading<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'complaint'; readonly complaint: string };

/** How the values of a setting are written. */
export type Form<Value> = {
  /** for people: what may be written, as `256M to 1024G` */
  readonly text: string;
  readonly read: (text: string) => Reading<Value>;
};

/** The devices that a setting is for. */
export type Audience = {
  /** as in `only virtual nodes have it` */
  readonly text: string;
  readonly has: (device: Described) => boolean;
};

/** What a device is, as far as settings ask. */
export type Described = Pick<Device, 'type' | 'machine' | 'settings'>;

/** Who has a setting. A device that is of several kinds has the settings of each. */
export const AUDIENCES = {
  devices: {
    text: 'devices of walt-net',
    has: () => true,
  },
  nodes: {
    text: 'nodes',
    has: ({ type, machine }) => type === 'node' || machine !== undefined,
  },
  'virtual-nodes': {
    text: 'virtual nodes',
    has: ({ machine }) => machine !== undefined,
  },
  'physical-nodes': {
    text: 'nodes that are not virtual',
    has: ({ type, machine }) => type === 'node' && machine === undefined,
  },
  'other-devices': {
    text: 'devices that are no nodes',
    has: ({ type, machine }) => type !== 'node' && machine === undefined,
  },
  switches: {
    text: 'switches (devices with type=switch)',
    has: ({ type, machine, settings }) =>
      type !== 'node' && machine === undefined && settings?.type === 'switch',
  },
} as const satisfies Record<string, Audience>;

/** When what was set is so: in words that follow `it takes effect `. */
export const EFFECTS = {
  'at-once': 'at once',
  'next-boot': 'at the next boot',
  'next-power-on': 'at the next power-on',
} as const;

/** One row of the table of settings, but for its key. */
export type Setting<Value> = {
  /** one sentence, for people */
  readonly help: string;
  readonly form: Form<Value>;
  /** as it is written; `form` reads it */
  readonly byDefault: string;
  readonly audience: keyof typeof AUDIENCES;
  readonly effect: keyof typeof EFFECTS;
  /** a value that is set is kept, also where it is the default: that somebody said it counts */
  readonly keepsDefault?: true;
  /** It says what hardware the server reaches, and by whose password: owning a node is not enough to change it. */
  readonly isOfOperators?: true;
  /** Its value may open something: who may not set it is not shown it, and no log or event has it. */
  readonly isSecret?: true;
  /** values that completion offers */
  readonly offered: readonly string[];
};

/** For `read` of a form: this is the value. */
export function value<Value>(read: Value): Reading<Value> {
  return { kind: 'value', value: read };
}

/** For `read` of a form: this is no value. @param what a part of a sentence, as `expected a number` */
export function complaint(what: string): {
  readonly kind: 'complaint';
  readonly complaint: string;
} {
  return { kind: 'complaint', complaint: what };
}
