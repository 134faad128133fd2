// Whether virtual nodes run at full speed. `walt-server-setup` says the same before there is a server.
import { runProgram } from '../../host/processes/program.ts';
import { type Accelerator, findAccelerator } from '../../machines/kept/qemu/accelerator.ts';
import type { Check, Finding } from '../check.ts';

export const kvm: Check = {
  name: 'kvm',
  seconds: 30,
  run: ({ accelerator }, signal) => virtualNodeSpeed({ accelerator, signal }),
};

type Asked = {
  /** of who starts QEMU: the server's own unit has no /dev/kvm. By default this process finds it out */
  readonly accelerator?: () => Promise<Accelerator>;
  readonly signal?: AbortSignal;
};

/** How virtual nodes run on this machine. It takes up to 20 s. */
export async function virtualNodeSpeed({
  accelerator = findAccelerator,
  signal,
}: Asked): Promise<Finding> {
  const ends = signal === undefined ? {} : { signal };
  const hasQemu = await runProgram('qemu-system-x86_64', ['--version'], ends).then(
    () => true,
    () => false,
  );
  if (!hasQemu) return { status: 'skipped', detail: 'no QEMU here, so no virtual nodes' };
  const { kind, why } = await accelerator();
  if (kind === 'kvm') return { status: 'ok', detail: why };
  return {
    status: 'warning',
    detail: why,
    meaning: 'Virtual nodes are emulated: they work, and are ten times slower.',
    mend: 'modprobe kvm_intel or kvm_amd; switch virtualisation on in the firmware (BIOS) of this machine; then systemctl restart walt-server',
  };
}
