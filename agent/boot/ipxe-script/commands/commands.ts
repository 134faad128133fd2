// What the commands of start scripts do, one row a command; how they are written is in the table of syntax.
import { isLongModeCapable } from '../../models.ts';
import type { Given } from '../arguments.ts';
import { DONE, type Ending, endingOf } from '../ending.ts';
import type { Run } from '../run.ts';
import { isOwnCard } from '../settings.ts';
import type { CommandName } from '../syntax.ts';
import { fetchBeside, free, load, setArguments, start } from './image-commands.ts';
import { addItem, choose, makeMenu, waitForKey } from './menu-commands.ts';

type Command = {
  /** its failure is an answer, not a trouble */
  readonly isQuestion?: boolean;
  readonly run: (run: Run, given: Given) => Ending | Promise<Ending>;
};

/**
 * The machine has its link and its address: it asked for this script over them. One of the cards that the command names has
 * to be that one; `tries`: the first that works is enough, else how it went with the last one counts.
 */
function cards(tries: 'one' | 'all'): Command {
  return {
    run: (_, { words }) => {
      const known = words.map(isOwnCard);
      const isSo = words.length === 0 || (tries === 'one' ? known.includes(true) : known.at(-1));
      return endingOf(isSo === true, `there is no card ${words.join(' ')}`);
    },
  };
}

const keyboard: Command = { isQuestion: true, run: waitForKey };

/** The table. */
export const commands: Readonly<Record<CommandName, Command>> = {
  dhcp: cards('one'),
  ifconf: cards('one'),
  ifopen: cards('all'),
  ifclose: cards('all'),
  iflinkwait: cards('all'),

  menu: { run: makeMenu },
  item: { run: addItem },
  choose: { run: choose },
  prompt: keyboard,
  read: keyboard,
  login: keyboard,
  config: keyboard,
  shell: keyboard,

  set: {
    run: ({ settings }, { words: [name = '', ...value] }) =>
      endingOf(settings.set(name, value.join(' ')), `'${value.join(' ')}' is no value of ${name}`),
  },
  clear: {
    run: ({ settings }, { words: [name = ''] }) => {
      settings.clear(name);
      return DONE;
    },
  },
  inc: {
    run: ({ settings }, { words: [name = '', by = '1'] }) => {
      settings.increase(name, Number(by) || 0);
      return DONE;
    },
  },
  isset: {
    isQuestion: true,
    run: (_, { words: [text] }) => endingOf(text !== '', 'is empty'),
  },
  iseq: {
    isQuestion: true,
    run: (_, { words: [left, right] }) => endingOf(left === right, 'differs'),
  },
  cpuid: {
    isQuestion: true,
    run: ({ machine }, { words: [bit], options }) => {
      const isExtended = options.has('ext') || options.has('amd');
      const asksLongMode = isExtended && !options.has('ecx') && Number(bit) === 29;
      return endingOf(asksLongMode && isLongModeCapable(machine.model), 'is not set');
    },
  },

  goto: { run: (_, { words: [label = ''] }) => ({ kind: 'goto', label }) },
  exit: { run: (_, { words: [status = '0'] }) => ({ kind: 'exit', status: Number(status) || 0 }) },
  reboot: { run: () => ({ kind: 'reboot' }) },

  kernel: { run: load },
  imgselect: { run: load },
  imgload: { run: load },
  initrd: { run: fetchBeside },
  module: { run: fetchBeside },
  imgfetch: { run: fetchBeside },
  imgargs: { run: setArguments },
  imgfree: { isQuestion: true, run: free },
  boot: { run: start },
  imgexec: { run: start },
  chain: { run: start },
};
