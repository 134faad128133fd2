// Parts of the server that do not stand on each other start at the same time: most of that is waiting for programs.

/**
 * Waits for all of them, also where one fails: what the others have begun can be ended only once it is there.
 * @throws what the first of them failed with
 */
export async function sideBySide<const Work extends readonly Promise<unknown>[]>(work: Work) {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
