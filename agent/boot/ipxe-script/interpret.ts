// Follows the start script of an image as iPXE would, for a machine whose boot loader cannot read it.
import type { Complaint, ScriptResult } from './boot-plan.ts';
import { commands, type Ending, type Given } from './commands.ts';
import type { ScriptFiles } from './files.ts';
import { LoadedImages } from './images.ts';
import { isScript, readLines, type ScriptCommand, type ScriptLine } from './lines.ts';
import { locate } from './locate.ts';
import type { ScriptMachine } from './machine.ts';
import type { Run } from './run.ts';
import { Settings } from './settings.ts';

const START = 'start.ipxe';
/** A script that waits for what never comes has no end. */
const MOST_COMMANDS = 5000;
const DEEPEST = 16;
const MOST_COMPLAINTS = 10;
const NO_SYSTEM: Complaint = { file: START, line: 1, text: 'it ends without starting a system' };
const FAILED = { kind: 'failed', why: 'the script failed' } as const;

/**
 * @param files of /boot/<model>/ of the image
 * @returns what is to be started, or complaints that say, with file and line, why nothing is
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
  /** of commands that do not exist: told even where the script goes on */
  readonly #complaints: Complaint[] = [];
  #lastFailure: Complaint | undefined;
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
    if (ending.kind === 'reboot') return { kind: 'reboot', complaints: this.#complaints };
    const plan = this.#images.plan();
    if (ending.kind === 'boot' && plan !== undefined) {
      return { kind: 'boot', plan, complaints: this.#complaints };
    }
    return { kind: 'failed', complaints: [...this.#complaints, this.#lastFailure ?? NO_SYSTEM] };
  }

  #failed(text: string): ScriptResult {
    return { kind: 'failed', complaints: [{ file: START, line: 1, text }] };
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
      const ending = await this.#line(file, line);
      if (ending.kind === 'goto') {
        const target = lines.findIndex(({ label }) => label === ending.label);
        if (target === -1)
          return this.#fail(file, line, `goto: there is no label :${ending.label}`);
        at = target - 1;
        continue;
      }
      if (ending.kind === 'exit') return this.#exit(file, line, ending.status);
      if (ending.kind === 'failed') this.#lastFailure = ending.at;
      if (ending.kind !== 'done') return ending;
    }
    return { kind: 'done' };
  }

  /** A script that ends itself because something failed: what failed says more than its end. */
  #exit(file: string, line: ScriptLine, status: number): Ending {
    if (status === 0) return { kind: 'done' };
    if (this.#lastFailure !== undefined) return { ...FAILED, at: this.#lastFailure };
    return this.#fail(file, line, `the script ended with status ${status}`);
  }

  /** As a shell does: each command depends on how the last one that ran has ended. */
  async #line(file: string, line: ScriptLine): Promise<Ending> {
    let ending: Ending = { kind: 'done' };
    for (const command of line.commands) {
      if (command.when === 'on-success' && ending.kind !== 'done') continue;
      if (command.when === 'on-failure' && ending.kind !== 'failed') continue;
      ending = await this.#command(file, { line, command });
      if (ending.kind !== 'done' && ending.kind !== 'failed') return ending;
    }
    return ending;
  }

  async #command(
    file: string,
    { line, command }: { line: ScriptLine; command: ScriptCommand },
  ): Promise<Ending> {
    this.#commands += 1;
    if (this.#commands > MOST_COMMANDS) {
      this.#fail(
        file,
        line,
        `it goes round in circles: ${MOST_COMMANDS} commands started no system`,
      );
      return { kind: 'endless' };
    }
    const [name, ...rest] = command.words.map((word) => this.#settings.expand(word));
    if (name === undefined) return { kind: 'done' };
    const row = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (row === undefined) return this.#unknown(file, line, name);
    const ending = await row.run(this.#run(file), readGiven(rest, row.valued ?? []));
    if (ending.kind !== 'failed') return ending;
    const at = ending.at ?? { file, line: line.number, text: `${name}: ${ending.why}` };
    if (row.isQuestion !== true) this.#lastFailure = at;
    return { ...ending, at };
  }

  #unknown(file: string, line: ScriptLine, name: string): Ending {
    const text = `unknown command '${name}': for a machine that boots by GRUB the server cannot do it`;
    const complaint = { file, line: line.number, text };
    if (this.#complaints.length < MOST_COMPLAINTS) this.#complaints.push(complaint);
    return this.#fail(file, line, text);
  }

  #fail(file: string, { number }: ScriptLine, text: string): Ending {
    const at = { file, line: number, text };
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
      locate: (uri) => locate(uri, { server, folder }),
      script: (path, text) => this.#script(path, text),
    };
  }
}

function readGiven(words: readonly string[], valued: readonly string[]): Given {
  const options = new Map<string, string>();
  let at = 0;
  for (; at < words.length; at += 1) {
    const [, name, value] = /^--?([a-z][a-z-]*)(?:=(.*))?$/i.exec(words[at] ?? '') ?? [];
    if (name === undefined) break;
    const takesNext = value === undefined && valued.includes(name);
    if (takesNext) at += 1;
    options.set(name, takesNext ? (words[at] ?? '') : (value ?? ''));
  }
  return { words: words.slice(at), options };
}
