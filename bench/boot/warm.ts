// `walt node reboot`, measured: until another system of the node answers.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../../lab/lab.ts';
import { BOUND_SECONDS, IP, waitForSsh } from './watch.ts';

/** @returns seconds from the command until sshd of another system lets somebody in */
export async function rebootWarm(lab: Lab, label: string, node: string): Promise<number> {
  await lab.walt('node', 'wait', node);
  // A system that goes on by kexec says nothing to whom it was answering.
  const bootId = () => lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id', 3).catch(() => '');
  const before = await bootId();
  const began = performance.now();
  await lab.walt('node', 'reboot', node);
  const secondsNow = () => (performance.now() - began) / 1000;
  while (secondsNow() < BOUND_SECONDS) {
    await waitForSsh(lab);
    const now = await bootId();
    if (now !== '' && now !== before) {
      const seconds = secondsNow();
      const isWarm = await wentByKexec(lab, node);
      console.log(`${label}: ${seconds.toFixed(1)} s${isWarm ? '' : ', not by kexec'}`);
      return seconds;
    }
    await sleep(200);
  }
  throw new Error(`${node} was not up again within ${BOUND_SECONDS} s`);
}

/** A boot by kexec begins with the start file that its old system asks for. */
async function wentByKexec(lab: Lab, node: string): Promise<boolean> {
  const { stages = [] } = JSON.parse(await lab.walt('node', 'show', node, '--json')) as {
    readonly stages?: readonly { readonly path?: string }[];
  };
  return stages[0]?.path?.endsWith('/start.grub') === true;
}
