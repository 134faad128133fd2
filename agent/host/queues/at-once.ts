// Much work, of which only some is under way at once.

/**
 * Does some work for each item, for at most so many at once, and gives each result as it comes, in no order.
 * What is not begun when the caller stops asking is not done.
 */
export async function* atOnce<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  type Done = { readonly self: Promise<Done>; readonly result: Result };
  const running = new Set<Promise<Done>>();
  const next = async () => {
    const { self, result } = await Promise.race(running);
    running.delete(self);
    return result;
  };
  for (const item of items) {
    const self: Promise<Done> = work(item).then((result) => ({ self, result }));
    running.add(self);
    if (running.size >= most) yield await next();
  }
  while (running.size > 0) yield await next();
}
