// Runs work on many things, a few at a time: as many as a small machine has processors for.

/**
 * Works on all items, at most `limit` at once. A failure stops no other item; the first one is thrown when all that
 * was begun has ended, and nothing more is begun.
 */
export async function inParallel<T>(
  items: readonly T[],
  { limit, work }: { readonly limit: number; readonly work: (item: T) => Promise<void> },
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
