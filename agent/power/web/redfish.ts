// The power driver of machines whose BMC speaks Redfish (DMTF DSP0266): `power.argument` is `ADDRESS[:PORT] FINGERPRINT [SYSTEM]`.
// FINGERPRINT is the SHA-256 of the certificate of the BMC; SYSTEM is for a BMC that serves several machines.
import { WaltError } from '../../errors.ts';
import type { Secret } from '../../secrets/secrets.ts';
import { cycleByOneOrder } from '../cycles.ts';
import { type PowerDriver, PowerRefused, type PowerState, type PowerTarget } from '../driver.ts';
import { type ProofTimes, seen } from '../seen.ts';
import { isRefusal } from './ask.ts';
import type { WebOptions } from './http.ts';
import { askPinned, type PinnedHost, type PinnedQuestion } from './pinned-request.ts';

const TIMES: ProofTimes = { proof: 30_000, look: 1000 };
const SYSTEMS = '/redfish/v1/Systems';

/** The driver `redfish`. */
export function redfish({
  secretOf,
  cycles,
  times = TIMES,
}: Pick<WebOptions, 'secretOf' | 'cycles'> & { readonly times?: ProofTimes }): PowerDriver {
  const open = async (target: PowerTarget): Promise<Bmc> => {
    const host = hostOf(target.words);
    const secret = await secretOf(target.mac);
    if (secret === undefined || secret.user === '') {
      throw new WaltError(
        `its BMC has no credentials here; give them: walt device credentials ${target.name}`,
      );
    }
    return await systemOf(host, secret, target.words[2]);
  };
  const turn = async (bmc: Bmc, state: 'on' | 'off') => {
    await reset(bmc, state === 'on' ? ['On'] : ['ForceOff']);
    await seenAt(bmc, state, times);
  };
  return {
    canSwitch: true,
    on: async (target) => {
      const bmc = await open(target);
      if (bmc.state !== 'on') await turn(bmc, 'on');
    },
    off: async (target) => {
      const bmc = await open(target);
      if (bmc.state !== 'off') await turn(bmc, 'off');
    },
    // One order, so that a server that ends in between leaves no machine off.
    cycle: async (target) => {
      const bmc = await open(target);
      await cycleByOneOrder(target.mac, cycles, {
        order: () => reset(bmc, bmc.state === 'off' ? ['On'] : ['PowerCycle', 'ForceRestart']),
        prove: () => seenAt(bmc, 'on', times),
      });
    },
    status: async (target) => (await open(target)).state,
  };
}

type Ask = (
  question: Pick<PinnedQuestion, 'method' | 'path' | 'body'>,
) => Promise<Readonly<Record<string, unknown>>>;

/** One machine of a BMC. */
type Bmc = {
  readonly ask: Ask;
  readonly path: string;
  readonly state: PowerState;
  readonly action: string;
  /** empty where the BMC does not say */
  readonly allowed: readonly string[];
};

async function systemOf(
  host: PinnedHost,
  secret: Secret,
  wanted: string | undefined,
): Promise<Bmc> {
  const ask: Ask = async (question) =>
    objectIn(host, await askPinned(host, { ...question, secret }));
  const path = await pathOf(ask, wanted);
  const system = await ask({ method: 'GET', path });
  const actions = asRecord(asRecord(system.Actions)['#ComputerSystem.Reset']);
  const allowed = actions['ResetType@Redfish.AllowableValues'];
  return {
    ...{ ask, path, state: stateIn(system) },
    action: ownPath(actions.target) ?? `${path}/Actions/ComputerSystem.Reset`,
    allowed: Array.isArray(allowed) ? allowed.map(String) : [],
  };
}

async function pathOf(ask: Ask, wanted: string | undefined): Promise<string> {
  const { Members: members } = await ask({ method: 'GET', path: SYSTEMS });
  const paths = (Array.isArray(members) ? members : []).flatMap(
    (member) => ownPath(asRecord(member)['@odata.id']) ?? [],
  );
  const found =
    wanted === undefined ? paths : paths.filter((path) => path.split('/').at(-1) === wanted);
  const [path, ...others] = found;
  if (path !== undefined && others.length === 0) return path;
  const names = paths.slice(0, 10).map((one) => one.split('/').at(-1));
  throw new WaltError(
    `its BMC serves ${names.length === 0 ? 'no machine' : `the machines ${names.join(', ')}`}: name one behind the fingerprint in power.argument`,
  );
}

/** A BMC gives paths of its own; a whole URL would lead elsewhere. */
function ownPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/[\w./~%:-]{1,200}$/.test(value) ? value : undefined;
}

async function reset({ ask, action, allowed }: Bmc, types: readonly string[]): Promise<void> {
  const type = allowed.length === 0 ? types.at(-1) : types.find((one) => allowed.includes(one));
  if (type === undefined) {
    throw new PowerRefused(`its BMC offers none of ${types.join(', ')}, but ${allowed.join(', ')}`);
  }
  await ask({ method: 'POST', path: action, body: { ResetType: type } });
}

function seenAt(bmc: Bmc, state: PowerState, times: ProofTimes): Promise<void> {
  const failure = `its BMC took the order, and the machine is not ${state}`;
  const read = async () => stateIn(await bmc.ask({ method: 'GET', path: bmc.path }));
  return seen(state, read, { ...times, failure });
}

function stateIn({ PowerState: word }: Readonly<Record<string, unknown>>): PowerState {
  if (word === 'On') return 'on';
  return word === 'Off' ? 'off' : 'unknown';
}

function objectIn(
  { host }: PinnedHost,
  { status, text }: { readonly status: number; readonly text: string },
): Readonly<Record<string, unknown>> {
  if (status === 401 || status === 403) {
    throw new PowerRefused(
      `${host} refuses the account: walt device credentials gives another one`,
    );
  }
  if (status < 200 || status > 299) {
    const why = `${host} does not do it: it answers with status ${status}`;
    throw isRefusal(status) ? new PowerRefused(why) : new WaltError(why);
  }
  try {
    return text.trim() === '' ? {} : asRecord(JSON.parse(text));
  } catch {
    throw new WaltError(`${host} answers with what is no JSON`);
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function hostOf([address, fingerprint]: readonly string[]): PinnedHost {
  const [, host, port = '443'] =
    /^([a-zA-Z0-9.-]{1,253})(?::(\d{1,5}))?$/.exec(address ?? '') ?? [];
  const pin = fingerprint?.replaceAll(':', '').toLowerCase();
  const isPin = pin === undefined || /^[0-9a-f]{64}$/.test(pin);
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536 && isPin) {
    return { host, port: Number(port), fingerprint: pin };
  }
  throw new WaltError(
    'power.argument has to be ADDRESS[:PORT] FINGERPRINT [SYSTEM], as 10.0.0.5 and the SHA-256 of the certificate of its BMC (64 hexadecimal digits)',
  );
}
