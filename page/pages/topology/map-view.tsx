// The map of switches and devices. It is moved by dragging or the arrow keys, and zoomed by the wheel, buttons, or + and -.
import { useRef, useState } from 'preact/hooks';
import { Icon } from '../../parts/icon.tsx';
import { groupOf } from '../../state/nodes/node-filters.ts';
import { byName } from '../../state/nodes/nodes.ts';
import { texts } from '../../texts.ts';
import { BOX, type Cable, type Drawn, type Spot } from './map.ts';

const says = texts.topology;
const STEP = 1.25;
const MOVE = 60;

type View = { readonly x: number; readonly y: number; readonly zoom: number };
const WHOLE: View = { x: 0, y: 0, zoom: 1 };

/** @param text what is looked for: the others fade */
export function MapView({ drawn, text }: { readonly drawn: Drawn; readonly text: string }) {
  const [view, setView] = useState(WHOLE);
  const from = useRef<{ x: number; y: number; view: View } | undefined>(undefined);
  const { width, height, spots, cables } = drawn;
  const zoom = (by: number) =>
    setView({ ...view, zoom: Math.min(6, Math.max(0.5, view.zoom * by)) });
  const move = (x: number, y: number) =>
    setView({ ...view, x: view.x + x / view.zoom, y: view.y + y / view.zoom });
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      '+': () => zoom(STEP),
      '-': () => zoom(1 / STEP),
      ArrowLeft: () => move(-MOVE, 0),
      ArrowRight: () => move(MOVE, 0),
      ArrowUp: () => move(0, -MOVE),
      ArrowDown: () => move(0, MOVE),
    };
    const act = moves[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  const box = `${view.x} ${view.y} ${Math.max(320, width) / view.zoom} ${Math.max(200, height) / view.zoom}`;
  return (
    <div class="map box">
      <div class="map-tools">
        {(
          [
            [says.zoomIn, 'plus', () => zoom(STEP)],
            [says.zoomOut, 'minus', () => zoom(1 / STEP)],
            [says.fit, 'auto', () => setView(WHOLE)],
          ] as const
        ).map(([label, icon, act]) => (
          <button type="button" key={icon} aria-label={label} title={label} onClick={act}>
            <Icon name={icon} />
          </button>
        ))}
      </div>
      <div
        class="map-area"
        role="application"
        aria-label={says.label}
        tabIndex={0}
        onKeyDown={onKey}
        onWheel={(event) => {
          event.preventDefault();
          zoom(event.deltaY < 0 ? STEP : 1 / STEP);
        }}
        onPointerDown={(event) => {
          from.current = { x: event.clientX, y: event.clientY, view };
        }}
        onPointerMove={(event) => {
          const { current } = from;
          if (current === undefined || event.buttons === 0) return;
          const [x, y] = [event.clientX - current.x, event.clientY - current.y];
          setView({
            ...view,
            x: current.view.x - x / view.zoom,
            y: current.view.y - y / view.zoom,
          });
        }}
      >
        <svg viewBox={box} aria-hidden="true" focusable="false" preserveAspectRatio="xMidYMid meet">
          {cables.map((cable) => (
            <Line key={cable.id} cable={cable} />
          ))}
          {spots.map((spot) => (
            <Place key={spot.id} spot={spot} isFound={spot.name.toLowerCase().includes(text)} />
          ))}
        </svg>
      </div>
    </div>
  );
}

function Line({ cable: { points, port, hasPower } }: { readonly cable: Cable }) {
  const path = points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
  const middle = points[Math.floor(points.length / 2)];
  return (
    <g class={hasPower ? 'cable power' : 'cable'}>
      <path d={path} />
      {middle === undefined ? null : (
        <text x={middle.x} y={middle.y - 4}>
          {port}
        </text>
      )}
    </g>
  );
}

function Place({ spot, isFound }: { readonly spot: Spot; readonly isFound: boolean }) {
  const { x, y, kind, name, note } = spot;
  const node = byName.value.get(name);
  const state = node === undefined ? '' : groupOf(node);
  return (
    <g
      class={`spot ${kind} ${state} ${isFound ? '' : 'faded'}`}
      transform={`translate(${x - BOX.width / 2} ${y - BOX.height / 2})`}
    >
      <rect width={BOX.width} height={BOX.height} rx="6" />
      {node === undefined ? null : <circle cx="14" cy={BOX.height / 2} r="4" />}
      <text x={node === undefined ? 12 : 26} y={note === '' ? 24 : 18}>
        {name.length > 16 ? `${name.slice(0, 15)}…` : name}
      </text>
      {note === '' ? null : (
        <text class="note" x="12" y="32">
          {note.slice(0, 20)}
        </text>
      )}
    </g>
  );
}
