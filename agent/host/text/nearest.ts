// The word that was probably meant, for messages about unknown ones. The server and `walt` use it.

/**
 * The candidate closest to `word`, in whatever case, or undefined if none is close. Of a thousand candidates few are compared letter
 * by letter: most are too long or too short.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const meant = word.toLowerCase();
  const most = Math.max(1, Math.floor(word.length / 3));
  const close = candidates
    .map((candidate) => ({ candidate, steps: stepsTo(meant, candidate.toLowerCase(), most) }))
    .filter(({ steps }) => Number.isFinite(steps))
    .toSorted((left, right) => left.steps - right.steps);
  return close[0]?.candidate;
}

/** ` Did you mean 'pc-1'?`, or nothing where no candidate is close: goes behind a sentence. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates);
  return guess === undefined ? '' : ` Did you mean '${guess}'?`;
}

/** The beginning of a candidate is close to it, whatever follows. @returns infinite where they are not close */
function stepsTo(word: string, candidate: string, most: number): number {
  if (word.length >= 2 && candidate.startsWith(word)) return candidate.length - word.length;
  const steps = distance(word, candidate, most);
  return steps <= most ? steps : Number.POSITIVE_INFINITY;
}

/** Letters to insert, delete, replace or swap with their neighbour; infinite where they are more than `most`. */
function distance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        at(last, column) + 1,
        at(line, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    if (Math.min(...line) > most) return Number.POSITIVE_INFINITY;
    beforeLast = last;
    last = line;
  }
  return at(last, to.length);
}

function at(line: readonly number[], column: number): number {
  return line[column] ?? Number.POSITIVE_INFINITY;
}
