// Where a follower of the events is: behind one of them. Events are counted anew in each run of the server.

/** Of an event; `number` 0 is before the first one of a run. */
export type Position = { readonly run: number; readonly number: number };

/** As clients have it, who take no meaning from it. */
export function positionText({ run, number }: Position): string {
  return `${run}-${number}`;
}

/** @returns undefined for what `positionText` never wrote */
export function positionOf(text: string): Position | undefined {
  const [, run, number] = /^(\d{1,16})-(\d{1,16})$/.exec(text) ?? [];
  const position = { run: Number(run), number: Number(number) };
  return Object.values(position).every(Number.isSafeInteger) ? position : undefined;
}

/** Below 0 where `one` is before `other`, 0 where they are the same. */
export function comparePositions(one: Position, other: Position): number {
  return one.run - other.run || one.number - other.number;
}

/** Whether nothing can be between the two: the next one of a run, or the first one of another run. */
export function isNext(before: Position, { run, number }: Position): boolean {
  return run === before.run ? number === before.number + 1 : number === 1;
}
