// Form of a setting: memory, in units of which each is 1024 of the one before.
import { complaint, type Form, value } from '../setting.ts';

const MIB = 2 ** 20;
const UNITS = { M: MIB, G: 1024 * MIB } as const;
const LEAST = 256 * MIB;
const MOST = 1024 * UNITS.G;

/** Bytes, written in MiB (`512M`) or GiB (`2G`). */
export const memory: Form<number> = {
  text: 'MiB or GiB from 256M to 1024G, as 512M or 2G',
  read: (written) => {
    const [, count = '', unit = ''] = /^(\d+)([MG])$/.exec(written) ?? [];
    if (unit === '') return complaint('expected a number with M or G behind it, as 512M or 2G');
    const bytes = Number(count) * UNITS[unit as keyof typeof UNITS];
    if (bytes < LEAST) return complaint('it is too little, expected 256M or more');
    if (bytes > MOST) return complaint('it is too much, expected 1024G or less');
    return value(bytes);
  },
};
