// Sizes of files and disks as people say them.

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** As makers of disks count, in powers of 1000: `25.3 MB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
