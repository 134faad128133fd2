// The power driver of what switches power by URLs, as smart plugs do. `power.argument` is `ON-URL OFF-URL [STATUS-URL]`.
import { WaltError } from '../../errors.ts';
import type { Secret } from '../../secrets/secrets.ts';
import type { PowerDriver, PowerState, PowerTarget } from '../driver.ts';
import { type TwoSteps, withCycle } from '../off-and-on.ts';
import { askWeb, webUrl } from './ask.ts';

/** What web drivers need. */
export type WebOptions = TwoSteps & {
  readonly secretOf: (mac: string) => Promise<Secret | undefined>;
};

/** The driver `http`. */
export function http({ secretOf, ...steps }: WebOptions): PowerDriver {
  const ask = async (target: PowerTarget, at: number) =>
    await askWeb(urlOf(target, at), await secretOf(target.mac));
  return withCycle(
    {
      canSwitch: true,
      check: async (target) => {
        for (const at of [0, 1]) webUrl(urlOf(target, at));
        await secretOf(target.mac);
      },
      on: async (target) => void (await ask(target, 0)),
      off: async (target) => void (await ask(target, 1)),
      status: async (target) =>
        target.words.length < 3 ? 'unknown' : stateIn(await ask(target, 2)),
    },
    steps,
  );
}

function urlOf({ words }: PowerTarget, at: number): string {
  const url = words[at];
  if (url !== undefined) return url;
  throw new WaltError('power.argument has to be ON-URL OFF-URL [STATUS-URL]');
}

/** `{"ison":true}`, `{"POWER":"OFF"}`, `on`: the one word of the answer that says it; `unknown` where there are two. */
export function stateIn(answer: string): PowerState {
  const isOn = /\b(on|true)\b/i.test(answer);
  const isOff = /\b(off|false)\b/i.test(answer);
  if (isOn === isOff) return 'unknown';
  return isOn ? 'on' : 'off';
}
