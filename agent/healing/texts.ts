// What is said of a board that is helped. Each goes on behind `node NAME`.
import type { Fault } from './faults.ts';
import type { Series, Way } from './ladder.ts';

const WAYS: Readonly<Record<Way, string>> = {
  usual: '',
  careful: ', and loads its files by TFTP in small blocks',
  'last-good': ', and boots the content of its image that came up on it last',
};

/** It is given more time. */
export function waitText({ text }: Fault): string {
  return `does not get on: ${text}; it is given its time once more`;
}

/** It is helped. @param tries how often, this time included */
export function helpText(
  { text }: Fault,
  {
    how,
    way,
    tries,
    retries,
  }: { readonly how: string; readonly way: Way } & Readonly<Record<'tries' | 'retries', number>>,
): string {
  return `does not come up: ${text}; ${how}${WAYS[way]} (help ${tries} of ${retries})`;
}

/** Nothing more is done. @param refused a file that it was refused, and why */
export function quarantineText({ text, advice }: Fault, tries: number, refused?: string): string {
  const helps =
    tries === 0 ? 'nothing here can switch its power' : `${timesText(tries)} did not help`;
  const file = refused === undefined ? '' : `; it was refused ${refused}`;
  return (
    `is in quarantine: ${text}${file}; ${helps}. Look at ${advice}. ` +
    'It is helped again once it comes up, or somebody boots, reboots or acquires it or switches its power'
  );
}

/** It is up again. */
export function healedText({ tries, way, image }: Series): string {
  const by =
    way === 'last-good'
      ? ` with the content that came up on it last (${image?.slice(0, 19)}…)`
      : '';
  return `is up again${by}, after it was helped ${timesText(tries)}`;
}

function timesText(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
