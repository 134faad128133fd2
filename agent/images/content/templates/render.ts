// Puts values in the place of `%(name)s`, as WalT's own server does (Python's % operator on a mapping).

export type Rendered = {
  readonly text: string;
  /** names that have no value: left in the text as they are */
  readonly unknown: readonly string[];
};

const PLACE = /%(?:%|\(([^()\n]*)\)[sd])/g;

/** `%%` becomes `%`; any other `%` stays. Values are not looked at again. */
export function render(template: string, values: Readonly<Record<string, string>>): Rendered {
  const unknown = new Set<string>();
  const text = template.replace(PLACE, (place: string, name: string | undefined) => {
    if (name === undefined) return '%';
    if (Object.hasOwn(values, name)) return values[name] ?? '';
    unknown.add(name);
    return place;
  });
  return { text, unknown: [...unknown] };
}
