// Whether virtual nodes run at full speed.
import { runProgram } from '../../host/processes/program.ts';
import { findAccelerator } from '../../machines/kept/qemu/accelerator.ts';
import type { Check } from '../check.ts';

export const kvm: Check = {
  name: 'kvm',
  seconds: 30,
  run: async (_, signal) => {
    const hasQemu = await runProgram('qemu-system-x86_64', ['--version'], { signal }).then(
      () => true,
      () => false,
    );
    if (!hasQemu) return { status: 'skipped', detail: 'no QEMU here, so no virtual nodes' };
    const { kind, why } = await findAccelerator();
    if (kind === 'kvm') return { status: 'ok', detail: why };
    return {
      status: 'warning',
      detail: why,
      meaning: 'Virtual nodes are emulated: they work, and are ten times slower.',
      mend: 'modprobe kvm_intel or kvm_amd; switch virtualisation on in the firmware (BIOS) of this machine',
    };
  },
};
