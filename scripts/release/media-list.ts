// Which media a release has.
import type { MediaOption, Medium } from '../media/medium.ts';
import { media } from '../media/table.ts';
import type { Plan } from '../steps/plan.ts';

/** A medium to build, by the name that `npm run media` takes, or one of its variants. */
type Wanted = { readonly name: string; readonly option?: MediaOption };

const ALL: readonly Wanted[] = [
  { name: 'pc' },
  { name: 'pc-linux' },
  { name: 'pxe' },
  { name: 'rpi' },
  { name: 'rpi', option: 'image' },
  { name: 'rpi', option: 'eeprom-only' },
  { name: 'coral' },
];

/** A medium of a release. */
export type ReleasedMedium = { readonly plan: Plan; readonly summary: string };

/** @param names all media if empty. @throws {Error} for a name that is none */
export function releasedMedia(names: readonly string[]): ReleasedMedium[] {
  for (const name of names) mediumOf(name);
  const wanted = ALL.filter(({ name }) => names.length === 0 || names.includes(name));
  return wanted.map(({ name, option }) => planOf(mediumOf(name), option));
}

function planOf({ summary, plan, variants = [] }: Medium, option: MediaOption | undefined) {
  if (option === undefined) return { plan: plan(), summary };
  const variant = variants.find((candidate) => candidate.option === option);
  if (variant === undefined) throw new Error(`Cannot build a medium: no variant --${option}`);
  return { plan: variant.plan([option]), summary: variant.summary };
}

function mediumOf(name: string): Medium {
  const medium = media.find((candidate) => candidate.name === name);
  if (medium !== undefined) return medium;
  const known = media.map((candidate) => candidate.name).join(', ');
  throw new Error(
    `Cannot release medium ${name}: there is no such medium, expected any of ${known}`,
  );
}
