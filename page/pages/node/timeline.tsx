// The running boot, or the last one, against the times that are expected of it.

import { Box } from '../../parts/box.tsx';
import { now } from '../../parts/elapsed.tsx';
import { stepsDone } from '../../state/nodes/boot-steps.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { type DrawnLeg, drawnLegs, scaleOf } from '../../state/nodes/timeline.ts';
import { durationText, momentText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import type { Shown } from './shown.ts';

const says = texts.node;

/** One bar for each leg. */
export function Timeline({ shown, node }: { readonly shown: Shown; readonly node: NodeView }) {
  const isRunning = stepsDone(node.state) !== undefined;
  const legs = drawnLegs(shown, node.state, isRunning ? now.value : 0);
  const scale = scaleOf(legs);
  if (node.since === null) {
    return (
      <Box title={says.lastBoot}>
        <p>{says.noBoots}</p>
      </Box>
    );
  }
  const took = shown.boots[0]?.took ?? null;
  return (
    <Box
      title={isRunning ? says.boot : says.lastBoot}
      class={isRunning ? 'timeline running' : 'timeline'}
    >
      <p class="hint">
        {says.began} {momentText(node.since)}
        {isRunning ? `, ${says.elapsed(durationText(Math.max(0, now.value - node.since)))}` : ''}
        {!isRunning && took !== null ? `, ${says.took(durationText(took))}` : ''}
      </p>
      <ol class="legs">
        {legs.map((leg) => (
          <Leg key={leg.leg} leg={leg} scale={scale} />
        ))}
      </ol>
      <p class="hint small">{says.legend}</p>
    </Box>
  );
}

function Leg({ leg, scale }: { readonly leg: DrawnLeg; readonly scale: (time: number) => number }) {
  const { took, usual, limit, isNow, verdict } = leg;
  const part = (time: number) => `${(100 * scale(time)).toFixed(1)}%`;
  return (
    <li class={`leg ${verdict} ${isNow ? 'now' : ''}`}>
      <span class="what">{says.legs[leg.leg]}</span>
      <span class="track" aria-hidden="true">
        {limit === undefined ? null : <i class="limit" style={{ width: part(limit) }} />}
        {took === undefined ? null : <i class="took" style={{ width: part(took) }} />}
        {usual === undefined ? null : <i class="usual" style={{ left: part(usual) }} />}
      </span>
      <span class="time">
        <b>{took === undefined ? says.waits : durationText(took)}</b>{' '}
        <small>{usual === undefined ? says.noUsual : says.usual(durationText(usual))}</small>
        {verdict === 'good' ? null : <em>{verdict === 'late' ? says.late : says.tooLate}</em>}
      </span>
    </li>
  );
}
