/** Whether what a client has of a file is what the file holds now (RFC 9110 §8.8.3, §13.1). */

/**
 * If-None-Match: whether one of its tags is `tag`, weak or not (§13.1.2).
 * @param tag with its quotes
 */
export function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([one]) => one === tag);
}

/**
 * If-Range: whether a part of the file goes with the parts that the client has. A date says too little: files of images
 * have the same one whatever they hold.
 * @param tag with its quotes
 */
export function allowsRange(ifRange: string | undefined, tag: string): boolean {
  return ifRange === undefined || ifRange.trim() === tag;
}
