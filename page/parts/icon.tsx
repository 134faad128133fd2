// Pictures of one line each, in a square of 16.

const PATHS = {
  nodes: 'M2.5 3.5h11v4h-11zM2.5 9.5h11v4h-11zM5 5.5h.01M5 11.5h.01',
  images: 'M8 1.8l5.7 3.1v6.2L8 14.2l-5.7-3.1V4.900zM2.300 4.900 8 8l5.700-3.100M8 8v6.200',
  topology:
    'M6 2h4v3.500H6zM1.500 10.500h4V14h-4zM10.500 10.500h4V14h-4zM8 5.500V8M3.500 10.500V8h9v2.500',
  log: 'M3 3.500h10M3 6.500h10M3 9.500h7M3 12.500h9',
  media: 'M5.500 1.500h5v4h-5zM3.500 5.500h9v9h-9zM7 3.500h.01M9 3.500h.01',
  health: 'M1.500 8h3l1.500-4 3 8 1.500-4h4',
  users:
    'M6 7.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM1.500 13.500a4.500 4.500 0 0 1 9 0M10.500 2.800a2.500 2.500 0 0 1 0 4.500M12 9.700a4.500 4.500 0 0 1 2.500 3.800',
  person: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.500 14a5.500 5.500 0 0 1 11 0',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM14 14l-3.500-3.500',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12',
  out: 'M6 2.500H3v11h3M10.500 5l3 3-3 3M13.500 8H6.500',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.500l3.500 3.500L13 4.500',
  warn: 'M8 2 14.500 13.500h-13zM8 6.500v3M8 11.500v.01',
  cross: 'M4.500 4.500l7 7M11.500 4.500l-7 7',
  dash: 'M4 8h8',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500H2.500v-8h8V3',
  back: 'M10 3 5 8l5 5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  down: 'M8 3v10M4 9l4 4 4-4',
  power: 'M8 2v6M4.500 4.500a5 5 0 1 0 7 0',
} as const;

/** The name of a picture. */
export type IconName = keyof typeof PATHS;

/** One picture; what it says stands beside it or is the label of its button. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
