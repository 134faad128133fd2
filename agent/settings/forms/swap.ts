// Form of a setting: how much of its memory a node may swap into compressed memory.
import { complaint, type Form, value } from '../setting.ts';

const MIB = 2 ** 20;
const UNITS = { M: MIB, G: 1024 * MIB } as const;
const LEAST = 16 * MIB;
const MOST = 64 * UNITS.G;

/** Bytes; 0 for `none`. */
export const swap: Form<number> = {
  text: 'none, or MiB or GiB from 16M to 64G, as 256M',
  read: (written) => {
    if (written === 'none') return value(0);
    const [, count = '', unit = ''] = /^(\d+)([MG])$/.exec(written) ?? [];
    const bytes = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? 0);
    if (bytes >= LEAST && bytes <= MOST) return value(bytes);
    return complaint('expected none, or a size from 16M to 64G, as 256M');
  },
};
