// The power driver of machines with a BMC (IPMI 2.0): `power.argument` is the BMC's address, and its port where that is not 623.
import { isIPv4 } from 'node:net';
import { messageOf, WaltError } from '../errors.ts';
import { runProgram } from '../host/processes/program.ts';
import type { Secret } from '../secrets/secrets.ts';
import { type PowerDriver, PowerRefused, type PowerState, type PowerTarget } from './driver.ts';
import { type TwoSteps, withCycle } from './off-and-on.ts';
import { type ProofTimes, seen } from './seen.ts';

type Options = TwoSteps & {
  readonly secretOf: (mac: string) => Promise<Secret | undefined>;
  readonly times?: ProofTimes;
  /** more arguments of ipmitool */
  readonly more?: readonly string[];
};

const MOST_MS = 20_000;
const TIMES: ProofTimes = { proof: 30_000, look: 1000 };

/** The driver `ipmi`. The password goes by the environment: other users of the machine see arguments. */
export function ipmi({ secretOf, times = TIMES, more = [], ...steps }: Options): PowerDriver {
  const accountOf = async ({ mac, name }: PowerTarget): Promise<Secret> => {
    const secret = await secretOf(mac);
    if (secret !== undefined && secret.user !== '') return secret;
    throw new WaltError(
      `its BMC has no credentials here; give them: walt device credentials ${name}`,
    );
  };
  const run = async (verb: string, target: PowerTarget): Promise<string> => {
    const { host, port } = bmcOf(target);
    const secret = await accountOf(target);
    const where = ['-I', 'lanplus', '-H', host, '-p', port, '-U', secret.user, '-E'];
    return await runProgram(
      'ipmitool',
      [...where, '-N', '1', '-R', '3', ...more, 'chassis', 'power', verb],
      {
        env: { IPMI_PASSWORD: secret.password },
        signal: AbortSignal.timeout(MOST_MS),
        diesWithUs: true,
      },
    );
  };
  const status = async (target: PowerTarget) => stateOf(await run('status', target));
  const turn = async (target: PowerTarget, state: 'on' | 'off') => {
    // Where even that fails, as with a wrong password, no order was given.
    const before = await status(target).catch((cause: unknown) => {
      throw new PowerRefused(messageOf(cause), { cause });
    });
    // Some BMCs refuse an order where the machine is as they are told already.
    if (before === state) return;
    await run(state, target);
    const failure = `its BMC took the order, and the machine is not ${state}`;
    await seen(state, () => status(target), { ...times, failure });
  };
  // BMCs have an order for a cycle; where its answer is lost ipmitool gives it again, and cuts a boot off that has begun.
  return withCycle(
    {
      canSwitch: true,
      check: async (target) => {
        bmcOf(target);
        await accountOf(target);
      },
      on: (target) => turn(target, 'on'),
      off: (target) => turn(target, 'off'),
      status,
    },
    steps,
  );
}

function bmcOf({ words: [host, port = '623'] }: PowerTarget) {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536;
  if (host !== undefined && isIPv4(host) && isPort) return { host, port };
  throw new WaltError(
    'power.argument has to be the IPv4 address of its BMC, as 10.0.0.5 or 10.0.0.5 623',
  );
}

function stateOf(answer: string): PowerState {
  const [, word] = /is (on|off)\s*$/i.exec(answer) ?? [];
  return word === undefined ? 'unknown' : word.toLowerCase() === 'on' ? 'on' : 'off';
}
