/** What people do to an image, alike for all who do it. */

/** A change of an image, from the image as it was to the changed one. */
export type Change = 'cp' | 'build' | 'squash' | 'shell';

/** Files that the changes need. */
export type Inputs = {
  /** a file that is copied in */
  readonly file: string;
  /** a folder with a Dockerfile: FROM and COPY */
  readonly context: string;
};

/** Where `cp` copies to. */
export const TARGET = '/opt/copied';
/** What `shell` runs. */
export const COMMANDS = 'echo changed >/opt/changed\ntrue\n';

/** Who changes images. */
export type Changer = {
  readonly name: string;
  /** Brings the image back to what it was. */
  readonly reset: () => Promise<void>;
  readonly change: (change: Change) => Promise<void>;
};
