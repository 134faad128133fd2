// The stages of a node's last boot, each with the time since the first.
import type { StageView } from '../../api/calls/views/node-view.ts';
import { table } from './table.ts';

/** Told of each stage, by its name; another stage shows all that is known of it. */
const DETAILS: Readonly<Record<string, (stage: StageView) => string>> = {
  dhcp: ({ message, speaker }) => `${message} from ${speaker}`,
  file: ({ path, via, bytes, ms, retries, outcome }) =>
    `${path} by ${via}, ${bytes} bytes in ${Math.round(Number(ms))} ms, retries ${retries}, ${outcome}`,
  mounted: () => 'root file system over NFS',
  booted: () => 'the node says that it is up',
  down: ({ cause, method }) => `${cause} (${method})`,
};

/** The stages of a boot, each with its seconds since the first one. @param width as `table` takes it */
export function stageTable(stages: readonly StageView[], width?: number): string {
  const start = stages[0]?.at ?? 0;
  const rows = stages.map((stage) => [
    `+${((stage.at - start) / 1_000_000).toFixed(3)} s`,
    stage.stage,
    (DETAILS[stage.stage] ?? anything)(stage),
  ]);
  return table(['time', 'stage', 'detail'], rows, width);
}

function anything({ at: _at, stage: _stage, ...rest }: StageView): string {
  return Object.entries(rest)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ');
}
