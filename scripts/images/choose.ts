// Which images a command line asks for.
import { boards } from '../boards.ts';
import type { ImageRecipe } from './recipe.ts';

/**
 * The recipes that the words name, each once: by the name of the image, by a model, or by a family of models.
 * @throws {RangeError} naming what there is.
 */
export function chooseRecipes(
  words: readonly string[],
  recipes: readonly ImageRecipe[],
): ImageRecipe[] {
  return [...new Set(words.flatMap((word) => recipesOf(word, recipes)))];
}

function recipesOf(word: string, recipes: readonly ImageRecipe[]): ImageRecipe[] {
  const named = new Set(
    boards
      .filter(({ model, family, image }) => [model, family, image].includes(word))
      .map(({ image }) => image),
  );
  const found = recipes.filter(({ name }) => named.has(name));
  if (found.length > 0) return found;
  const buildable = boards.filter(({ image }) => recipes.some(({ name }) => name === image));
  const families = new Set(buildable.map(({ family }) => family));
  const known = [...families, ...buildable.map(({ model }) => model)].join(', ');
  throw new RangeError(
    `Cannot build an image for ${word}: no such model, expected one of: ${known}`,
  );
}
