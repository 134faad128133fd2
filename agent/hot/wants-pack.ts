// Which images have hot packs: those that say so, and what is made from our default images, of which it was tried.

/** What is known of an image. */
type Known = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
};

const LABEL = 'walt.hot-pack';

/** @param options.defaults the default images that are here */
export function wantsPack(
  image: Known,
  { defaults }: { readonly defaults: readonly Pick<Known, 'layers'>[] },
): boolean {
  const said = image.labels[LABEL];
  if (said !== undefined) return said === 'true';
  const [first] = image.layers;
  return first !== undefined && defaults.some(({ layers }) => layers[0] === first);
}
