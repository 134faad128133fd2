// Reaction: lines that a device said have the name that it has now.
import type { Publisher } from '../publisher.ts';

/**
 * Whoever asks for the device by its name finds all that it said.
 * @param rename gives the lines of a name another one
 */
export function renameLines(
  publisher: Publisher,
  rename: (from: string, to: string) => Promise<void>,
): void {
  publisher.on('log', ['renamed'], ({ from, to }) => rename(from, to));
}
