// Every default image that can be built.
import { pcX8664 } from './pc-x86-64.ts';
import type { ImageRecipe } from './recipe.ts';

export const recipes: readonly ImageRecipe[] = [pcX8664];
