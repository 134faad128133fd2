// What checks and templates need of the files of an image, wherever these are.

/** Files of an image as a node would find them: links are followed inside the image. Text is a character for each byte. */
export type ImageFiles = {
  /** Whether there is a regular file. */
  readonly hasFile: (path: string) => boolean;
  /** Whether there is a folder under this very name, not by a link. */
  readonly hasFolder: (path: string) => boolean;
  /** The first bytes of a file, at most `length`; undefined if there is no such file. */
  readonly firstBytes: (path: string, length: number) => Promise<Buffer | undefined>;
  /** A text file; undefined if there is none. */
  readonly textOf: (path: string) => Promise<string | undefined>;
  /** Names in a folder, in order; none if there is no such folder. */
  readonly namesIn: (path: string) => string[];
};
