// What switches the power of nodes.
import type { Config } from '../../config/config.ts';
import type { Publish } from '../../events/publisher.ts';
import type { Helpers } from '../../helper/helpers.ts';
import type { PowerDriver } from '../../power/driver.ts';
import { type PowerDrivers, powerDrivers } from '../../power/drivers.ts';
import type { Machines } from '../../power/vm.ts';

type Parts = Pick<Parameters<typeof powerDrivers>[0], 'secretOf' | 'walt' | 'cycles'> & {
  readonly publish: Publish;
  readonly machines: Machines;
  readonly poe: PowerDriver;
  readonly helpers: Pick<Helpers, 'runPower'>;
};

/** Builds the power drivers; what a program of one writes goes to the log. @param power the settings as they are now */
export function buildPower(
  power: () => Pick<Config['power'], 'command' | 'commandSeconds'>,
  { publish, machines, poe, helpers, ...known }: Parts,
): PowerDrivers {
  return powerDrivers({
    ...{ machines, poe, ...known },
    command: {
      run: helpers.runPower,
      settings: () => ({ program: power().command, seconds: power().commandSeconds }),
      onOutput: ({ name: node }, verb, line) =>
        publish([{ kind: 'power-output', node, verb, line }]),
    },
  });
}
