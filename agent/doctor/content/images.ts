// An image for each model that came.
import type { Check } from '../check.ts';

export const images: Check = {
  name: 'images',
  run: async ({ models, hasImage, imageCount }) => {
    const seen = [...new Set(models())].toSorted();
    const missing = seen.filter((model) => !hasImage(model));
    const mend = `walt image search ${missing[0] ?? 'pc'}; walt image clone LINK, or walt image import FILE`;
    if (missing.length > 0) {
      return {
        status: 'failed',
        detail: `there is no default image for ${missing.join(', ')}`,
        meaning: 'Machines of these models do not boot: they ask again and again.',
        mend,
      };
    }
    if (imageCount() === 0) {
      return {
        status: 'warning',
        detail: 'there is no image yet',
        meaning: 'The first machine waits until its image has come from a registry.',
        mend,
      };
    }
    const detail = seen.length === 0 ? 'no machine came yet' : `for ${seen.join(', ')}`;
    return { status: 'ok', detail };
  },
};
