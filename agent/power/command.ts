// The power driver that runs a program of the operator's: `PROGRAM VERB NAME MAC IP ARGUMENT…`.
import { WaltError } from '../errors.ts';
import { type Cycles, cycleByOneOrder } from './cycles.ts';
import type { PowerDriver, PowerState, PowerTarget, PowerVerb } from './driver.ts';
import { type PowerRunner, runPowerProgram } from './power-program.ts';

/** The operator's program. */
export type CommandSettings = {
  /** absolute path; missing where the configuration names none */
  readonly program?: string | undefined;
  /** the program is ended after so many */
  readonly seconds: number;
};

/** How the program is found and run. */
export type CommandOptions = {
  /** a machine whose cycle fails may be off */
  readonly cycles: Pick<Cycles, 'begin' | 'end'>;
  /** asked each time, since they may change */
  readonly settings: () => CommandSettings;
  /** who runs the program; this process unless said */
  readonly run?: PowerRunner;
  /** takes each line that the program writes, but for the answer of `status` */
  readonly onOutput: (target: PowerTarget, verb: PowerVerb, line: string) => void;
};

/** Each verb but `status` succeeds where the program ends with 0. `status` is the last line of its standard output. */
export function command({
  cycles,
  settings,
  onOutput,
  run: runProgram = runPowerProgram,
}: CommandOptions): PowerDriver {
  const known = () => {
    const { program, seconds } = settings();
    if (program !== undefined) return { program, seconds };
    throw new WaltError(
      'the server knows no program for it: set power.command in its configuration',
    );
  };
  const run = async (verb: PowerVerb, target: PowerTarget): Promise<string> => {
    const { program, seconds } = known();
    const { name, mac, ip, words } = target;
    return await runProgram(program, [verb, name, mac, ip, ...words], {
      seconds,
      onLine: (line, from) => {
        if (verb !== 'status' || from === 'stderr') onOutput(target, verb, line);
      },
    });
  };
  const runAndEnd = async (verb: Exclude<PowerVerb, 'status'>, target: PowerTarget) => {
    await run(verb, target);
    await cycles.end(target.mac);
  };
  return {
    get canSwitch() {
      return settings().program !== undefined;
    },
    on: (target) => runAndEnd('on', target),
    off: (target) => runAndEnd('off', target),
    cycle: async (target) => {
      known();
      await cycleByOneOrder(target.mac, cycles, {
        order: async () => void (await run('cycle', target)),
      });
    },
    status: async (target) => stateOf(await run('status', target), settings().program),
  };
}

function stateOf(answer: string, program = ''): PowerState {
  const word = answer.trim().toLowerCase();
  if (word === 'on' || word === 'off') return word;
  throw new WaltError(`${program} status printed '${answer.slice(0, 80)}', expected on or off`);
}
