// Switches with what is behind their ports, as a tree.
import type { SwitchView } from '../../api/calls/switches.ts';
import { shownText } from '../../host/text/shown-text.ts';

/** The lines, from the switches that are behind none down. */
export function treeLines(switches: readonly SwitchView[]): string[] {
  const byName = new Map(switches.map((one) => [one.name, one]));
  const drawn = new Set<string>();
  const isTop = ({ above }: SwitchView) => above === null || !byName.has(above.switch);
  const draw = (one: SwitchView): string[] => {
    if (drawn.has(one.name)) return [];
    drawn.add(one.name);
    return [titleOf(one), ...below(one, { byName, draw })];
  };
  // Switches that are said to be behind each other have no top.
  return [...switches.filter(isTop), ...switches].flatMap(draw);
}

function titleOf({ name, waiting }: SwitchView): string {
  if (waiting === 0) return name;
  return `${name} (${waiting} ${waiting === 1 ? 'port waits' : 'ports wait'} for power)`;
}

function below(
  { ports }: SwitchView,
  parts: {
    readonly byName: ReadonlyMap<string, SwitchView>;
    readonly draw: (one: SwitchView) => string[];
  },
): string[] {
  const rows = ports.flatMap(({ name, devices, isLink }) => {
    if (devices.length > 0) return devices.map((device) => ({ port: name, device }));
    return isLink ? [{ port: name, device: '(towards the server)' }] : [];
  });
  return rows.flatMap(({ port, device }, at) => {
    const isLast = at === rows.length - 1;
    const known = parts.byName.get(device);
    const [first = device, ...rest] = known === undefined ? [device] : parts.draw(known);
    const indent = isLast ? '    ' : '│   ';
    return [
      shownText(`${isLast ? '└── ' : '├── '}${port}: ${first}`),
      ...rest.map((line) => `${indent}${line}`),
    ];
  });
}
