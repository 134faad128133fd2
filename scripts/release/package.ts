// What a Debian package is made of, before anything is written.

/** Where the content of a file comes from; paths are absolute. */
export type Content =
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly file: string }
  | { readonly link: string };

/** A file of a package by its path from the root of the system; a program may be executed by all. */
export type PackageFile = {
  readonly path: string;
  readonly from: Content;
  readonly isProgram?: boolean;
};

/** A binary package of Debian. */
export type DebianPackage = {
  readonly name: string;
  readonly version: string;
  readonly architecture: Architecture | 'all';
  /** as in DEBIAN/, but for what is computed: `@SIZE@` */
  readonly control: string;
  /** scripts of the maintainer by their names, and `conffiles` */
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly PackageFile[];
  /** `none` where the content is packed already */
  readonly isPacked?: boolean;
};

/** Processors that a server may have, as Debian calls them. */
export const ARCHITECTURES = ['amd64', 'arm64'] as const;

/** One of them. */
export type Architecture = (typeof ARCHITECTURES)[number];

/** What a release is made from and into. */
export type ReleaseFacts = {
  /** of the project, absolute */
  readonly root: string;
  readonly version: string;
  /** seconds since 1970: the newest that a file may be */
  readonly date: number;
};

/** The name that Debian gives the file of a package. */
export function debName({ name, version, architecture }: DebianPackage): string {
  return `${name}_${version}_${architecture}.deb`;
}

/** A text with values in the places of `@NAME@`. @throws {Error} for a place without a value */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/@([A-Z]+)@/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`Cannot fill in ${place}: it has no value`);
    return value;
  });
}
