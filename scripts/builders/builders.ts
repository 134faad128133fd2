// What has to be built before something can run: each row a command line of a builder. A builder finds out itself
// whether there is anything to do.

/** A script that node runs, from the project's folder, and its arguments. */
export type Builder = readonly [script: string, ...words: string[]];

/** The programs that ship. */
export const BUNDLE: Builder = ['scripts/bundle.ts'];

/** What `npm start` needs: a virtual PC, its image, the server. */
export const platformBuilders: readonly Builder[] = [
  ['scripts/images.ts', 'pc-x86-64'],
  ['scripts/media.ts', 'pc', 'pxe'],
  BUNDLE,
];

/** What tests need besides their own code, by where they are. */
export const NEEDS: readonly { readonly tests: RegExp; readonly builders: readonly Builder[] }[] = [
  { tests: /^test\/(loopback|qemu|matrix)\//, builders: platformBuilders },
  { tests: /^test\/agent\/cli\//, builders: [BUNDLE] },
  {
    tests: /^test\/matrix\/pc\/(stick-boot|network-boot)\./,
    builders: [['scripts/images.ts', 'pc-x86-32']],
  },
  { tests: /^test\/matrix\/boards\/rpi-images\./, builders: [['scripts/images.ts', 'rpi']] },
  { tests: /^test\/matrix\/boards\/lossy-line\./, builders: [['scripts/images.ts', 'rpi-3-b']] },
  { tests: /^test\/matrix\/boards\/new-board\./, builders: [['scripts/images.ts', 'qemu-arm64']] },
  {
    tests: /^test\/matrix\/boards\/coral-image\./,
    builders: [['scripts/images.ts', 'coral-dev-board']],
  },
  { tests: /^test\/matrix\/pc\/pc-linux\./, builders: [['scripts/media.ts', 'pc-linux']] },
];

/** The builders that these test files need, each once. */
export function buildersFor(files: readonly string[]): Builder[] {
  const needed = NEEDS.filter(({ tests }) => files.some((file) => tests.test(file)));
  return [...new Set(needed.flatMap(({ builders }) => builders))];
}
