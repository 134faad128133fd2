// Boots by kexec that did not come up. A machine that hung after kexec, and that somebody started again, reboots by its firmware while it
// has the same image: told from its last boots on disk, so that another run of the server knows it too.
import { isWarmStart } from '../boot/start-request.ts';
import type { BootRecords, StoredStage } from '../store/records/boots.ts';
import type { BootBook, ToldBoot } from './boot-book.ts';

/** Boots of a device that are looked at: as many as are kept of each. Afterwards kexec has another try. */
const LOOKED_BACK = 20;

/** A device, and the key of the folder of the image that it boots next. */
export type NextBoot = { readonly mac: string; readonly image: string };

/** The last boot of this image that began by kexec and ended on its way; undefined where there is none. */
export async function lastFailedWarm(
  { mac, image }: NextBoot,
  parts: {
    readonly boots: Pick<BootBook, 'bootOf'>;
    readonly records: Pick<BootRecords, 'before' | 'stagesOf'>;
  },
): Promise<ToldBoot | undefined> {
  const { boots, records } = parts;
  const running = boots.bootOf(mac);
  if (running === undefined) return undefined;
  const past = await records.before({ mac, id: running.id }, LOOKED_BACK);
  for (const boot of past) {
    if (!isOfImage(boot.image, image) || boot.attempt === 0) continue;
    const stages = await records.stagesOf(boot.id);
    if (hasFailedWarm({ ...boot, stages })) return { ...boot, stages };
  }
  return undefined;
}

/**
 * A key begins with the digest of the image. What is behind it changes with the node side that another version of the server lays over it,
 * and with values of templates: the kernel, and the machine, are what they were.
 */
function isOfImage(key: string | undefined, other: string): boolean {
  return key !== undefined && key.split('-')[0] === other.split('-')[0];
}

/** Whether a boot that is over began by kexec and ended on its way. One that was told to reboot meanwhile had a system that listened. */
export function hasFailedWarm({ attempt, stages }: Pick<ToldBoot, 'attempt' | 'stages'>): boolean {
  return attempt > 0 && beganWarm(stages) && !stages.some(isToldToGo);
}

/** Whether a boot began by kexec. */
export function beganWarm([first]: readonly StoredStage[]): boolean {
  return first?.stage === 'file' && isWarmStart(String(first.detail.path));
}

function isToldToGo({ stage, detail }: StoredStage): boolean {
  return stage === 'down' && detail.method === 'soft';
}
