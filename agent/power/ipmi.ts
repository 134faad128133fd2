// The power driver of machines with a BMC (IPMI 2.0): `power.argument` is the BMC's address, and its port where that is not 623.
import { isIPv4 } from 'node:net';
import { WaltError } from '../errors.ts';
import { runProgram } from '../host/processes/program.ts';
import type { Secret } from '../secrets/secrets.ts';
import type { PowerDriver, PowerState, PowerTarget } from './driver.ts';

type Options = { readonly secretOf: (mac: string) => Promise<Secret | undefined> };

const MOST_MS = 20_000;

/** The driver `ipmi`. The password goes by the environment: other users of the machine see arguments. */
export function ipmi({ secretOf }: Options): PowerDriver {
  const run = async (verb: string, target: PowerTarget): Promise<string> => {
    const { host, port } = bmcOf(target);
    const secret = await secretOf(target.mac);
    if (secret === undefined || secret.user === '') {
      throw new WaltError(
        `its BMC has no credentials here; give them: walt device credentials ${target.name}`,
      );
    }
    const where = ['-I', 'lanplus', '-H', host, '-p', port, '-U', secret.user, '-E'];
    return await runProgram(
      'ipmitool',
      [...where, '-N', '1', '-R', '3', 'chassis', 'power', verb],
      {
        env: { IPMI_PASSWORD: secret.password },
        signal: AbortSignal.timeout(MOST_MS),
        diesWithUs: true,
      },
    );
  };
  return {
    canSwitch: true,
    on: async (target) => void (await run('on', target)),
    off: async (target) => void (await run('off', target)),
    // `cycle` of a BMC does nothing where the machine is off.
    cycle: async (target) => {
      const isOff = stateOf(await run('status', target)) === 'off';
      await run(isOff ? 'on' : 'cycle', target);
    },
    status: async (target) => stateOf(await run('status', target)),
  };
}

function bmcOf({ words: [host, port = '623'] }: PowerTarget) {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) < 65_536;
  if (host !== undefined && isIPv4(host) && isPort) return { host, port };
  throw new WaltError(
    'power.argument has to be the IPv4 address of its BMC, as 10.0.0.5 or 10.0.0.5 623',
  );
}

function stateOf(answer: string): PowerState {
  const [, word] = /is (on|off)\s*$/i.exec(answer) ?? [];
  return word === undefined ? 'unknown' : word.toLowerCase() === 'on' ? 'on' : 'off';
}
