// How a node boots: the boot of now against what is usual, what went wrong and what to check, the last ones, facts.
import { Box } from '../../parts/box.tsx';
import { me } from '../../state/me.ts';
import { ownerKind } from '../../state/nodes/node-filters.ts';
import type { NodeView } from '../../state/nodes/node-view.ts';
import { durationText, momentText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import type { Shown } from './shown.ts';
import { Stages } from './stages.tsx';
import { Timeline } from './timeline.tsx';

const says = texts.node;

type Props = { readonly shown: Shown; readonly node: NodeView };

/** All of it. */
export function Overview({ shown, node }: Props) {
  return (
    <div class="overview">
      <div>
        <Trouble shown={shown} />
        <Timeline shown={shown} node={node} />
        <History boots={shown.boots} />
      </div>
      <div>
        <Facts shown={shown} node={node} />
        <Stages stages={shown.stages} />
      </div>
    </div>
  );
}

function Trouble({ shown: { failures, quarantine, boots, machine } }: { readonly shown: Shown }) {
  const last = boots.find(({ result }) => result !== 'under-way');
  const failed = last?.result === 'failed' ? last : undefined;
  const isUp = boots[0]?.result === 'booted';
  const trouble = machine?.trouble ?? null;
  if (isUp && trouble === null) return null;
  if (failures === null && quarantine === null && failed === undefined && trouble === null)
    return null;
  return (
    <Box title={quarantine === null ? says.trouble : says.quarantine} class="trouble">
      {failed?.reason == null ? null : <p>{sentence(failed.reason)}</p>}
      {failed?.advice == null ? null : (
        <p>
          <b>{says.check}:</b> {failed.advice}.
        </p>
      )}
      {[trouble, failures, quarantine].map((text) =>
        text === null ? null : <p key={text}>{sentence(text)}</p>,
      )}
    </Box>
  );
}

function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

function History({ boots }: Pick<Shown, 'boots'>) {
  const { began, result, took, retries, reason } = says.columns;
  if (boots.length === 0) return null;
  return (
    <Box title={says.history}>
      <div class="scrolls" tabIndex={0} role="region" aria-label={says.history}>
        <table>
          <thead>
            <tr>
              {[began, result, took, retries, reason].map((text) => (
                <th key={text} scope="col">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {boots.map((boot) => (
              <tr key={boot.started}>
                <td class="nowrap">{momentText(boot.started)}</td>
                <td class={`nowrap result ${boot.result}`}>{says.results[boot.result]}</td>
                <td class="nowrap">{boot.took === null ? '–' : durationText(boot.took)}</td>
                <td>{boot.retries}</td>
                <td>{boot.reason ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  );
}

function Facts({ shown: { secureBoot, machine }, node }: Props) {
  const fact = says.fact;
  const kind = ownerKind(node, me.value?.user ?? '');
  const owner = kind === 'free' ? texts.nodes.free : kind === 'mine' ? texts.nodes.you : node.owner;
  const rows: readonly (readonly [string, string])[] = [
    [fact.image, node.image],
    [fact.owner, owner],
    [fact.model, node.model],
    [fact.ip, node.ip],
    [fact.mac, node.mac],
    [fact.type, says.types[node.type]],
    [fact.netsetup, says.netsetups[node.netsetup]],
    ...(secureBoot === null ? [] : [[fact.secureBoot, secureBoot] as const]),
    ...(machine?.accelerator == null ? [] : [[fact.machine, machine.accelerator] as const]),
  ];
  return (
    <Box title={says.facts}>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Box>
  );
}
