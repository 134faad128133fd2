// What nfs-ganesha writes of itself, which is how it tells what it thinks of its exports.
import { rename, stat } from 'node:fs/promises';
import { textOf } from '../../../host/files/text-of.ts';

const BYTES_MAX = 1024 * 1024;

/** The log in one file. */
export class GaneshaLog {
  readonly file: string;

  /** @param file absolute */
  constructor(file: string) {
    this.file = file;
  }

  /** Where it ends now, to read from there later. */
  async size(): Promise<number> {
    return (await textOf(this.file)).length;
  }

  /** What it has behind its first `size` characters. */
  async since(size: number): Promise<string> {
    return (await textOf(this.file)).slice(size);
  }

  /** Ganesha opens its log for each line, so it follows a rename; the log and one older one are kept. */
  async trim(): Promise<void> {
    const size = await stat(this.file).then(
      (stats) => stats.size,
      () => 0,
    );
    if (size > BYTES_MAX) await rename(this.file, `${this.file}.1`);
  }
}
