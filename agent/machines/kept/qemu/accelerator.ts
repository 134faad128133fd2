// KVM or emulation (TCG): some machines offer a KVM in which firmware hangs or QEMU ends, mostly where they are virtual
// themselves. So a machine without disks is booted by it once, as far as its network card's boot ROM comes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How virtual machines run, and why, in words. */
export type Accelerator = { readonly kind: 'kvm' | 'tcg'; readonly why: string };

/** What iPXE in the card's ROM says where its network has an address for it and nothing to boot. */
const CAME_FAR = /Nothing to boot|No more network devices/;
/** Real KVM takes 2 s, emulation 6 s. */
const PROBE_SECONDS = 20;

/**
 * Finds out how virtual machines run here: by KVM, where a probe boot came as far as it should, else by emulation.
 * It takes up to 20 s.
 */
export async function findAccelerator(): Promise<Accelerator> {
  const isOffered = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isOffered) return { kind: 'tcg', why: 'this machine has no /dev/kvm' };
  if (isEmulated(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))) {
    return { kind: 'tcg', why: 'the processor of this machine is emulated itself' };
  }
  const trouble = await probeBoot('kvm');
  if (trouble === undefined) return { kind: 'kvm', why: 'a probe boot showed that KVM works here' };
  return { kind: 'tcg', why: `a probe boot with KVM failed: ${trouble}` };
}

/**
 * An emulated processor (TCG) has virtualisation, too. A probe boot works, and a whole system then ends the machine that it runs on.
 * @param cpuinfo /proc/cpuinfo
 */
export function isEmulated(cpuinfo: string): boolean {
  return /^model name\s*:\s*QEMU TCG CPU/m.test(cpuinfo);
}

/**
 * Boots a machine from nothing: firmware, boot ROM, an address by DHCP from QEMU's own network, which leads nowhere.
 * @returns what went wrong; undefined where it came so far
 */
export async function probeBoot(kind: 'kvm' | 'tcg'): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-probe-'));
  const serial = join(folder, 'serial');
  const [program = '', ...args] = [
    ...['setpriv', '--pdeathsig', 'KILL', 'qemu-system-x86_64'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'pc,graphics=off'],
    ...['-accel', kind, '-cpu', kind === 'kvm' ? 'host' : 'max', '-smp', '1', '-m', '128'],
    ...['-serial', `file:${serial}`],
    ...['-netdev', 'user,id=net0,restrict=on', '-device', 'e1000,netdev=net0'],
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => {
    said = (said + bytes).slice(-1000);
  });
  const ended = once(child, 'close').then(
    () => said.trim().split('\n').at(-1) || 'QEMU ended',
    (error) => error.message as string,
  );
  try {
    return await Promise.race([ended, comesFar(serial)]);
  } finally {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

async function comesFar(serial: string): Promise<string | undefined> {
  for (let tries = 0; tries < PROBE_SECONDS * 10; tries += 1) {
    await sleep(100);
    if (CAME_FAR.test(await readFile(serial, 'latin1').catch(() => ''))) return undefined;
  }
  return `the firmware did not come to its end within ${PROBE_SECONDS} s`;
}
