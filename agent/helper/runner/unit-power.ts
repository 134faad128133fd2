// The server's side of the operator's program for power, which the runner runs.
import { WaltError } from '../../errors.ts';
import { PowerRefused } from '../../power/driver.ts';
import type { PowerRunner } from '../../power/power-program.ts';
import { brokenOff } from '../reach.ts';
import type { PowerArguments } from './messages.ts';
import { openSession } from './session.ts';

/** The runner looks up in the configuration which program it is. @param socket path of the runner's */
export function unitPowerRunner(socket: string): PowerRunner {
  return async (_program, args, { seconds, onLine }) => {
    const request = { verb: 'power-program', args: args as PowerArguments, seconds } as const;
    const { answers, close } = await openSession(socket, request);
    try {
      for await (const answer of answers) {
        if ('line' in answer) onLine(answer.line, answer.from);
        if ('result' in answer) return String(answer.result);
        if (!('reason' in answer)) continue;
        throw answer.isRefused ? new PowerRefused(answer.reason) : new WaltError(answer.reason);
      }
    } finally {
      close();
    }
    throw brokenOff('runner');
  };
}
