// Lists in which each item may have options: `walt-net,home-net[lat=8ms,bw=100Mbps]`.

/** One item of such a list. */
export type Item = {
  readonly name: string;
  readonly options: readonly (readonly [key: string, value: string])[];
};

const ITEM = /^([^[\]]+?)(?:\[([^[\]]*)\])?$/;

/** The items in their order; undefined where brackets, commas or equals signs are not where they belong. */
export function readItems(text: string): Item[] | undefined {
  const items: Item[] = [];
  // A comma within brackets stands between options.
  for (const part of text.split(/,(?![^[\]]*\])/)) {
    const [, name, inner] = ITEM.exec(part) ?? [];
    if (name === undefined) return undefined;
    const options = inner?.split(',').map(readOption) ?? [];
    if (options.includes(undefined)) return undefined;
    items.push({ name, options: options.filter((option) => option !== undefined) });
  }
  return items;
}

/** What is wrong with the options of an item: one that is not known, or one that is there twice. */
export function complaintAboutOptions(
  { name, options }: Item,
  known: readonly string[],
): string | undefined {
  const keys = options.map(([key]) => key);
  const strange = keys.find((key) => !known.includes(key));
  if (strange !== undefined) {
    return `'${name}' has no option '${strange}', expected ${known.join(' or ')}`;
  }
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  return twice === undefined ? undefined : `'${name}' has option '${twice}' twice`;
}

function readOption(text: string): [string, string] | undefined {
  const [, key, value] = /^([a-z]+)=([^=]+)$/.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : [key, value];
}
