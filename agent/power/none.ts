// The power driver of machines whose power nothing can switch.
import { WaltError } from '../errors.ts';
import type { PowerDriver, PowerTarget } from './driver.ts';

async function refuse({ name }: PowerTarget): Promise<never> {
  throw new WaltError(
    `nothing is known that switches its power; say what does, as walt node config ${name} power.driver=poe (walt help show power has all that can)`,
  );
}

export const none: PowerDriver = {
  canSwitch: false,
  on: refuse,
  off: refuse,
  cycle: refuse,
  status: async () => 'unknown',
};
