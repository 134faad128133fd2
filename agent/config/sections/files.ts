// Folders of what machines boot from.
import { z } from 'zod';

/** Keys of `pxe`. */
export const pxe = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of what machines boot from without a stick (default: `release/dist/pxe` of this installation). ' +
        'Without it, PXE and UEFI HTTP boot get no boot file.',
    ),
});

/** Keys of `rpi`. */
export const rpi = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of the files that Raspberry Pis boot from without a card: GPU firmware, config.txt, device trees, U-Boot ' +
        '(default: `release/dist/rpi` of this installation). Without it they get no boot file.',
    ),
});

/** Keys of `media`. */
export const media = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of the boot media that people fetch at `/media/` and by `walt media` (default: `release/dist` of this ' +
        'installation). Without it there are none to fetch.',
    ),
});
