// What `bench:boot` says of its runs.
import { $ } from '../../scripts/run.ts';
import { describeMachine } from '../harness/machine.ts';
import { plainTable } from '../harness/table.ts';
import { medianParts, type Parts } from './parts.ts';

/** Seconds from power-on until sshd answers, where they were, and bytes that the server sent meanwhile. */
export type Run = { readonly seconds: number; readonly bytes: number; readonly parts: Parts };

type Measured = {
  readonly network: readonly Run[];
  readonly local: readonly Run[];
  readonly warm: readonly number[];
  readonly image: string;
};

/** What a run says, for people and for docs/performance.md. */
export async function reportOf(
  { network, local, warm, image }: Measured,
  { card }: { readonly card: string },
): Promise<string> {
  const size = Number((await $`du -sb ${image}`).stdout.split('\t')[0]);
  const seconds = (all: readonly Run[]) => median(all.map((run) => run.seconds));
  const [ours, disk, again] = [seconds(network), seconds(local), median(warm)];
  const bytes = median(network.map((run) => run.bytes));
  const share = bytes / size;
  return [
    `${describeMachine()}; ${runsText(network.length)} each, alternating, QEMU without KVM, card ${card}`,
    plainTable(
      ['', 'over the network', 'local disk', 'ratio', 'aim', 'met'],
      [
        ['power-on to sshd', inSeconds(ours), inSeconds(disk), ...against(ours / disk, 1.25)],
        ...(warm.length === 0
          ? []
          : [['`walt node reboot` to sshd', inSeconds(again), '', ...against(again / ours, 0.6)]]),
        [
          `bytes sent, of an image of ${inMegabytes(size)}`,
          inMegabytes(bytes),
          '',
          `${(100 * share).toFixed(1)} %`,
          '≤ 8 %',
          share <= 0.08 ? 'yes' : 'no',
        ],
      ],
    ),
    plainTable(
      ['where the seconds are', 'over the network', 'local disk'],
      partRows(network, local),
    ),
  ].join('\n\n');
}

function partRows(network: readonly Run[], local: readonly Run[]): string[][] {
  const [ours, disk] = [medianParts(network), medianParts(local)];
  return Object.keys(ours).map((title) => [title, inSeconds(ours[title]), inSeconds(disk[title])]);
}

function against(ratio: number, aim: number): string[] {
  return [ratio.toFixed(2), `≤ ${aim}`, ratio <= aim ? 'yes' : 'no'];
}

function inSeconds(seconds = 0): string {
  return seconds === 0 ? '' : `${seconds.toFixed(1)} s`;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function runsText(runs: number): string {
  return runs === 1 ? 'one run' : `${runs} runs`;
}
