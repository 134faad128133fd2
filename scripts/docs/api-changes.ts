// What an OpenAPI description no longer has, or newly asks for, so that clients of an earlier one fail.

/** JSON schema, as far as the server writes it. */
type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

type Operation = {
  readonly operationId: string;
  readonly 'x-walt-role': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
};

/** As docs/openapi.json has it. */
export type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const ROLES = ['viewer', 'user', 'operator', 'admin'];

/** One sentence for each change from `before` to `after` that a client of `before` cannot live with. */
export function breakingChanges(before: Description, after: Description): string[] {
  return Object.entries(before.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, old]) => {
      const now = after.paths[path]?.[method];
      if (now === undefined) return [`${method.toUpperCase()} ${path} is gone`];
      return changesOf(old, now).map((change) => `${old.operationId}: ${change}`);
    }),
  );
}

function changesOf(old: Operation, now: Operation): string[] {
  const [oldRole, role] = [old['x-walt-role'], now['x-walt-role']];
  const isStricter = ROLES.indexOf(role) > ROLES.indexOf(oldRole);
  const [oldReply = {}, reply = {}] = [old, now].map(({ responses }) => responses[200]?.content);
  return [
    ...(isStricter ? [`it takes role ${role}, ${oldRole} was enough`] : []),
    ...askedChanges(askedOf(old), askedOf(now), ''),
    ...Object.entries(oldReply).flatMap(([type, { schema }]) => {
      const next = reply[type]?.schema;
      return next === undefined
        ? [`it does not answer ${type} any more`]
        : givenChanges(schema, next, '');
    }),
  ];
}

/** What a call takes, wherever it has it, in one object. */
function askedOf({ parameters = [], requestBody }: Operation): Schema {
  const body = requestBody?.content['application/json']?.schema;
  const named = parameters.map(({ name, schema }) => [name, schema]);
  const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
  return {
    properties: { ...Object.fromEntries(named), ...body?.properties },
    required: [...needed, ...(body?.required ?? [])],
  };
}

/** Of what is sent to the server: it may take more than before, never less. */
function askedChanges(old: Schema, now: Schema, at: string): string[] {
  const field = at === '' ? 'its input' : `field ${at}`;
  const needed = (now.required ?? []).filter((name) => !(old.required ?? []).includes(name));
  const lost = formsOf(old).filter((form) => !formsOf(now).some((other) => covers(other, form)));
  return [
    ...needed.map((name) => `field ${join(at, name)} is needed now`),
    ...lost.map((form) => `${field} does not take ${wordOf(form)} any more`),
    ...narrowed(old, now).map((what) => `${field} has a narrower ${what}`),
    ...inner(old, now, { at, compare: askedChanges, gone: 'is not taken any more' }),
  ];
}

/** Of what the server sends: everything that was there stays, and can be read as before. */
function givenChanges(old: Schema, now: Schema, at: string): string[] {
  const field = at === '' ? 'the reply' : `field ${at} of the reply`;
  const kinds = formsOf(now).filter((form) => !formsOf(old).some((other) => covers(other, form)));
  const unsure = (old.required ?? []).filter(
    (name) => now.properties?.[name] !== undefined && !(now.required ?? []).includes(name),
  );
  return [
    ...kinds
      // Another value of a list of words, or another kind of line, is news that clients have to bear.
      .filter(({ type }) => type !== undefined)
      .map((form) => `${field} may be ${wordOf(form)} now`),
    ...unsure.map((name) => `field ${join(at, name)} of the reply may be missing now`),
    ...inner(old, now, { at, compare: givenChanges, gone: 'is not in the reply any more' }),
  ];
}

type Compare = (old: Schema, now: Schema, at: string) => string[];

function inner(
  old: Schema,
  now: Schema,
  { at, compare, gone }: { at: string; compare: Compare; gone: string },
): string[] {
  const fields = Object.entries(old.properties ?? {}).flatMap(([name, schema]) => {
    const next = now.properties?.[name];
    const path = join(at, name);
    return next === undefined ? [`field ${path} ${gone}`] : compare(schema, next, path);
  });
  const entries =
    old.items === undefined || now.items === undefined
      ? []
      : compare(old.items, now.items, `${at}[]`);
  // Forms of a line are told apart by the field that has one value only.
  const forms = alternatives(old).flatMap((form) => {
    const key = keyOf(form);
    if (key === undefined) return [];
    const next = alternatives(now).find((other) => keyOf(other) === key);
    if (next !== undefined) return compare(form, next, join(at, key));
    return [`form ${join(at, key)} is gone`];
  });
  return [...fields, ...entries, ...forms];
}

function alternatives({ anyOf, oneOf }: Schema): readonly Schema[] {
  return oneOf ?? anyOf ?? [];
}

function keyOf({ properties = {} }: Schema): string | undefined {
  const [, fixed] = Object.entries(properties).find(([, each]) => each.const !== undefined) ?? [];
  return fixed === undefined ? undefined : String(fixed.const);
}

/** The kinds of values that a schema stands for: types, and each word of a list of words. */
function formsOf(schema: Schema): Schema[] {
  const parts = alternatives(schema);
  if (parts.length > 0) return parts.flatMap(formsOf);
  if (schema.const !== undefined) return [{ const: schema.const }];
  if (schema.enum !== undefined) return schema.enum.map((word) => ({ const: word }));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.map((type) => ({ type }));
}

function covers(wide: Schema, { type, const: word }: Schema): boolean {
  if (wide.const !== undefined || type !== undefined) {
    const isNumber = wide.type === 'number' && type === 'integer';
    return isNumber || (wide.const === word && wide.type === type);
  }
  return wide.type === typeof word;
}

function wordOf({ type, const: word }: Schema): string {
  return String(type ?? JSON.stringify(word));
}

const LEAST = ['minimum', 'minLength'] as const;
const MOST = ['maximum', 'maxLength', 'maxItems'] as const;

function narrowed(old: Schema, now: Schema): string[] {
  const least = LEAST.filter((key) => (now[key] ?? -Infinity) > (old[key] ?? -Infinity));
  const most = MOST.filter((key) => (now[key] ?? Infinity) < (old[key] ?? Infinity));
  const hasOther = now.pattern !== undefined && now.pattern !== old.pattern;
  return [...least, ...most, ...(hasOther ? ['pattern'] : [])];
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}
