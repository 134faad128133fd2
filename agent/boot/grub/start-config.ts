// The configuration that GRUB gets from this server in place of a start script: it starts the node's system, or says why
// not and ends. The medium (boot-artifacts/pc/grub.cfg) then waits, and asks again.
import type { BootPlan } from '../ipxe-script/boot-plan.ts';
import { kernelWords, quoted } from './quote.ts';

/** What a configuration of GRUB is made from, where a kernel is to be started. */
export type StartFacts = {
  /** where GRUB finds the files: address, and port where it is not 80 */
  readonly server: string;
  readonly plan: BootPlan;
  /** such as `waltplatform/pc-x86-64-default:latest for node-f26782` */
  readonly what: string;
  /** said before the kernel is loaded: that it may be refused */
  readonly warning?: string;
  /** by TFTP first: by HTTP the node does not come up */
  readonly isCareful?: boolean;
};

/** By UEFI HTTP boot GRUB uses the network of the firmware, whose TFTP belongs to PXE, and need not be there. */
const LACKS_TFTP = '[ "$grub_netfs_type" = efi ]';

/** Loads and starts the kernel of a plan: by HTTP, by TFTP where that fails; carefully the other way round. */
export function startConfig({
  server,
  plan,
  what,
  warning,
  isCareful = false,
}: StartFacts): string {
  const [host = server] = server.split(':');
  const [http, tftp] = [`(http,${server})/boot/`, `(tftp,${host})/`];
  const load = (command: (base: string) => string) => {
    const byHttp = `if ${command(http)}; then set loaded=y; fi`;
    const byTftp = `if ${LACKS_TFTP}; then set loaded=n; elif ${command(tftp)}; then set loaded=y; fi`;
    const [first, second] = isCareful ? [byTftp, byHttp] : [byHttp, byTftp];
    return ['set loaded=n', first, `if [ "$loaded" = n ]; then ${second}; fi`];
  };
  return text([
    echo(`Getting the system of ${what}`),
    ...(warning === undefined ? [] : wrapped(warning).map((line) => echo(`** ${line}`))),
    ...load((base) => linux(plan, base)),
    ...(plan.initrds.length === 0
      ? []
      : ['if [ "$loaded" = y ]; then', ...load((base) => initrd(plan, base)), 'fi']),
    'if [ "$loaded" = y ]; then boot; fi',
    echo('** The system of this node was not started: the lines above tell why.'),
  ]);
}

/** Says why nothing is started. @param lines sentences, of any length: long ones are broken into lines */
export function reasonConfig(lines: readonly string[]): string {
  return text(lines.flatMap(wrapped).map((line) => echo(`** ${line}`)));
}

/** The script asked for a reset. */
export function rebootConfig(): string {
  return text([echo('The start script of this image restarts the machine'), 'reboot']);
}

function linux({ kernel, commandLine }: BootPlan, base: string): string {
  return ['linux', quoted(base + kernel), ...kernelWords(commandLine).map(quoted)].join(' ');
}

function initrd({ initrds }: BootPlan, base: string): string {
  return ['initrd', ...initrds.map((path) => quoted(base + path))].join(' ');
}

/** Lines that a screen of 80 columns shows without breaking words. */
function wrapped(line: string): string[] {
  return [...line.matchAll(/(\S.{0,71}|\S{73,})(?=\s|$)/g)].map(([part]) => part);
}

function echo(line: string): string {
  return `echo ${quoted(line)}`;
}

/** The medium reads from `walt_answer` that an answer came: it need not ask for it in another way. */
function text(lines: readonly string[]): string {
  return `${['set walt_answer=yes', ...lines].join('\n')}\n`;
}
