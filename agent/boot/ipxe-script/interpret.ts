// Follows the start script of an image as iPXE would, for a machine whose boot loader cannot read it.
import type { ScriptProblem, ScriptResult } from './boot-plan.ts';
import { commands } from './commands/commands.ts';
import type { Ending } from './ending.ts';
import type { ScriptFiles } from './files.ts';
import { LoadedImages } from './images.ts';
import { isScript, readLines, type ScriptCommand, type ScriptLine } from './lines.ts';
import { locate } from './locate.ts';
import type { ScriptMachine } from './machine.ts';
import { Menus } from './menus.ts';
import type { Run } from './run.ts';
import { Settings } from './settings.ts';
import { type ReadCommand, readCommand } from './syntax.ts';

const START = 'start.ipxe';
/** A script that waits for what never comes has no end. */
const MOST_COMMANDS = 5000;
const DEEPEST = 16;
const MOST_PROBLEMS = 10;
const NO_SYSTEM: ScriptProblem = {
  file: START,
  line: 1,
  text: 'it ends without starting a system',
};
const FAILED = { kind: 'failed', why: 'the script failed' } as const;

/** A command of a script: what is said of it names these. */
type Place = { readonly file: string; readonly line: ScriptLine };

/**
 * @param files of /boot/<model>/ of the image
 * @returns what is to be started, or problems that say, with file and line, why nothing is
 */
export async function interpretStart(
  files: ScriptFiles,
  machine: ScriptMachine,
): Promise<ScriptResult> {
  return await new Interpreter(files, machine).start();
}

class Interpreter {
  readonly #files: ScriptFiles;
  readonly #machine: ScriptMachine;
  readonly #settings: Settings;
  readonly #images = new LoadedImages();
  readonly #menus = new Menus();
  /** of commands that do not exist: told even where the script goes on */
  readonly #problems: ScriptProblem[] = [];
  #lastFailure: ScriptProblem | undefined;
  #commands = 0;
  #depth = 0;

  constructor(files: ScriptFiles, machine: ScriptMachine) {
    this.#files = files;
    this.#machine = machine;
    this.#settings = new Settings(machine);
  }

  async start(): Promise<ScriptResult> {
    const file = await this.#files(START);
    if (file === undefined) return this.#failed('the image has no such file');
    if (!isScript(file.start)) return this.#failed('it is no iPXE script (first line: #!ipxe)');
    const ending = await this.#script(START, file.start);
    if (ending.kind === 'reboot') return { kind: 'reboot', problems: this.#problems };
    const plan = this.#images.plan();
    if (ending.kind === 'boot' && plan !== undefined) {
      return { kind: 'boot', plan, problems: this.#problems };
    }
    return { kind: 'failed', problems: [...this.#problems, this.#lastFailure ?? NO_SYSTEM] };
  }

  #failed(text: string): ScriptResult {
    return { kind: 'failed', problems: [{ file: START, line: 1, text }] };
  }

  async #script(file: string, text: string): Promise<Ending> {
    if (this.#depth >= DEEPEST) return { kind: 'failed', why: 'scripts call each other for ever' };
    this.#depth += 1;
    try {
      return await this.#lines(file, readLines(text));
    } finally {
      this.#depth -= 1;
    }
  }

  async #lines(file: string, lines: readonly ScriptLine[]): Promise<Ending> {
    for (let at = 0; at < lines.length; at += 1) {
      const line = lines[at];
      if (line === undefined) break;
      const ending = await this.#line({ file, lines, line });
      if (ending.kind === 'goto') {
        at = lineOf(ending.label, lines) - 1;
        continue;
      }
      if (ending.kind === 'exit') return this.#exit({ file, line }, ending.status);
      if (ending.kind === 'failed') this.#lastFailure = ending.at;
      if (ending.kind !== 'done') return ending;
    }
    return { kind: 'done' };
  }

  /** A script that ends itself because something failed: what failed says more than its end. */
  #exit(place: Place, status: number): Ending {
    if (status === 0) return { kind: 'done' };
    if (this.#lastFailure !== undefined) return { ...FAILED, at: this.#lastFailure };
    return this.#fail(place, `the script ended with status ${status}`);
  }

  /** As a shell does: each command depends on how the last one that ran has ended. */
  async #line(place: Place & { readonly lines: readonly ScriptLine[] }): Promise<Ending> {
    let ending: Ending = { kind: 'done' };
    for (const command of place.line.commands) {
      if (command.when === 'on-success' && ending.kind !== 'done') continue;
      if (command.when === 'on-failure' && ending.kind !== 'failed') continue;
      ending = await this.#command(place, command);
      if (ending.kind === 'goto' && lineOf(ending.label, place.lines) === -1) {
        ending = this.#fail(place, `goto: there is no label :${ending.label}`);
      }
      if (ending.kind !== 'done' && ending.kind !== 'failed') return ending;
    }
    return ending;
  }

  async #command(place: Place, { words }: ScriptCommand): Promise<Ending> {
    this.#commands += 1;
    if (this.#commands > MOST_COMMANDS) {
      const why = `it goes round in circles: ${MOST_COMMANDS} commands started no system`;
      this.#lastFailure = problemAt(place, why);
      return { kind: 'endless', why, at: this.#lastFailure };
    }
    const read = readCommand(words.map((word) => this.#settings.expand(word)));
    if (read.kind === 'without-effect') return { kind: 'done' };
    if (read.kind === 'unknown') return this.#unknown(place, read.name);
    if (read.kind === 'wrong') return this.#fail(place, `${read.name}: ${read.wrong}`);
    return await this.#known(place, read);
  }

  async #known(
    place: Place,
    { name, given }: Extract<ReadCommand, { kind: 'command' }>,
  ): Promise<Ending> {
    const row = commands[name];
    const ending = await row.run(this.#run(place.file), given);
    if (ending.kind !== 'failed' && ending.kind !== 'endless') return ending;
    if (ending.at !== undefined) return ending;
    const at = problemAt(place, `${name}: ${ending.why}`);
    // Where a script waits for a key after a failure, the failure says more.
    if (row.isQuestion !== true) this.#lastFailure = at;
    if (ending.kind === 'endless') this.#lastFailure ??= at;
    return { ...ending, at };
  }

  #unknown(place: Place, name: string): Ending {
    const text = `unknown command '${name}': for a machine that boots by GRUB the server cannot do it`;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push(problemAt(place, text));
    return this.#fail(place, text);
  }

  #fail(place: Place, text: string): Ending {
    const at = problemAt(place, text);
    this.#lastFailure = at;
    return { ...FAILED, at };
  }

  #run(file: string): Run {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const { server } = this.#machine;
    return {
      machine: this.#machine,
      files: this.#files,
      settings: this.#settings,
      images: this.#images,
      menus: this.#menus,
      locate: (uri) => locate(uri, { server, folder }),
      script: (path, text) => this.#script(path, text),
    };
  }
}

function problemAt({ file, line }: Place, text: string): ScriptProblem {
  return { file, line: line.number, text };
}

/** Index of the first line with the label; -1 where there is none. */
function lineOf(wanted: string, lines: readonly ScriptLine[]): number {
  return lines.findIndex(({ label }) => label === wanted);
}
