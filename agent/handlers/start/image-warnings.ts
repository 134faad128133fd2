// What is known of an image as soon as it is here: which PCs will not start it, or not as they should.

import { modelOf } from '../../boot/models.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Image } from '../../images/content/image.ts';
import type { Starter, StartPlan } from './start-plan.ts';

/** Stands for any machine: what a script starts hardly ever depends on who runs it. */
export const SOMEBODY: Omit<Starter, 'model'> = {
  ip: '192.0.2.1',
  mac: '02:00:00:00:00:01',
  name: 'node',
};

/** @param planOf what the image starts on a model */
export async function imageWarnings(
  { name, models }: Image,
  planOf: (model: string) => Promise<StartPlan>,
): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for (const model of models.filter((model) => modelOf(model).family === 'pc')) {
    const plan = await planOf(model);
    for (const text of [warningOf(model, plan), aclWarning(model, plan)]) {
      if (text !== undefined) events.push({ kind: 'image-warning', image: name, text });
    }
  }
  return events;
}

function warningOf(model: string, { result, verdict }: StartPlan): string | undefined {
  if (result.kind === 'failed') {
    const [problem] = result.problems.slice(-1);
    const where = `/boot/${model}/${problem?.file}, line ${problem?.line}`;
    return `machines that boot by GRUB (Secure Boot, 32-bit UEFI) will not start it: ${where}: ${problem?.text}`;
  }
  if (verdict === undefined || verdict.starts === 'yes') return undefined;
  return `${model}: ${verdict.text}`;
}

/**
 * Over NFSv3 Linux asks for the access control lists of files whose reader is not their owner. Where the mount says that there are none,
 * overlayfs takes the refusal for that of the file: only root runs programs then (seen with Linux 6.1 of Debian 12).
 */
function aclWarning(model: string, { result }: StartPlan): string | undefined {
  if (result.kind !== 'boot') return undefined;
  const options = /\bnfsroot=(\S*)/.exec(result.plan.commandLine)?.[1]?.split(',') ?? [];
  const isNewer = options.some((option) => /^(nfs)?v(ers)?=?4/.test(option));
  if (isNewer || !options.includes('noacl')) return undefined;
  return `${model}: users other than root will run no program: its start script mounts NFSv3 with noacl. Take noacl out of nfsroot=`;
}
