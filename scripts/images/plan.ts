// What building an image will do, known before anything is done.
import type { ImageRecipe } from './recipe.ts';

/** What is to be built, and where it goes. `isCached`: the archive is there already, and is built again only with `force`. */
export type ImagePlan = {
  readonly recipe: ImageRecipe;
  /** The archive in the cache, named by the hash of all that it is made from. */
  readonly cached: string;
  /** Where the archive ends. */
  readonly archive: string;
  readonly isCached: boolean;
  readonly force: boolean;
};

/** The plan as lines for a person. */
export function describePlan({ recipe, cached, archive, isCached, force }: ImagePlan): string[] {
  const place = `place it at ${archive}`;
  if (isCached && !force) return [`take ${cached}, made before from the same inputs`, place];
  return [
    `install Debian ${recipe.suite} (${recipe.architecture}) with ${recipe.packages.join(', ')}`,
    `add the kernel of ${recipe.kernel.metapackage}, and an initrd made of its modules`,
    ...recipe.models.map(({ model }) => `add /boot/${model}/${recipe.start.file}, kernel, initrd`),
    'add the settings of boot-artifacts/images/debian',
    `pack it as OCI image ${recipe.reference} into ${cached}`,
    place,
  ];
}
