// What the interpreter sees of an image.

/** A file of /boot/<model>/ of the image; undefined where there is none. `start`: its first 64 KiB, as Latin-1. */
export type ScriptFiles = (path: string) => Promise<{ readonly start: string } | undefined>;
