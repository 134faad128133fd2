// What the server saw of the last boot, newest last.

import { Box } from '../../parts/box.tsx';
import { momentText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import type { Shown } from './shown.ts';

const MOST = 60;

/** Its stages. */
export function Stages({ stages }: Pick<Shown, 'stages'>) {
  if (stages.length === 0) return null;
  return (
    <Box title={texts.node.stages}>
      <ol class="stages scrolls" tabIndex={0}>
        {stages.slice(-MOST).map((stage) => (
          <li key={`${stage.at} ${stage.stage}`}>
            <time>{momentText(stage.at)}</time>
            <b>{stage.stage}</b>
            <span>{detailOf(stage)}</span>
          </li>
        ))}
      </ol>
    </Box>
  );
}

function detailOf({ at: _at, stage: _stage, ...detail }: Shown['stages'][number]): string {
  const { path, via, outcome, message, cause, speaker } = detail as Record<string, unknown>;
  const bad =
    outcome === undefined || outcome === 'done' || outcome === 'whole' ? undefined : outcome;
  return [path, via, message, speaker, cause, bad]
    .filter((part) => part !== undefined && part !== null)
    .join(' ');
}
