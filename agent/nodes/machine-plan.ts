// The virtual machine that a device is to be, as its settings say.
import type { Device } from '../devices/device.ts';
import type { Hardware, MachinePlan } from '../machines/kept/plan.ts';
import { type Settings, settingsOf } from '../settings/settings-of.ts';

/** What a virtual node is made of from now on. */
export function planOf({ mac, name, isTrial, settings = {} }: Device): MachinePlan {
  const values = settingsOf({ settings });
  const delay = values['boot.delay'];
  return {
    ...{ mac, name, hardware: hardwareOf(values) },
    ...(delay.kind === 'fixed' ? { delaySeconds: delay.seconds } : {}),
    ...(isTrial ? { isInBackground: isTrial } : {}),
  };
}

/** The hardware that settings stand for. */
export function hardwareOf(values: Settings): Hardware {
  const { ram, firmware, disks, networks } = values;
  return { memoryBytes: ram, cores: values['cpu.cores'], firmware, disks, networks };
}
