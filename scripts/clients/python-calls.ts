// The calls of the API as methods of the Python package, made from their OpenAPI description.

type Schema = {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-walt-role': string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required: boolean;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
};

type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

type Field = { readonly name: string; readonly isNeeded: boolean; readonly help: string };

/** Kinds of answers, by their content. */
const KINDS: Readonly<Record<string, string>> = {
  'application/json': 'value',
  'application/x-ndjson': 'lines',
  'text/event-stream': 'events',
  'text/plain': 'text',
};
const RESERVED = ['from', 'in', 'is', 'not', 'pass', 'class', 'import', 'global', 'lambda'];

/** The text of `walt/calls.py`. */
export function pythonCalls(description: Description): string {
  const methods = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      methodText(operation, { path, method: method.toUpperCase() }),
    ),
  );
  return `"""All calls of the API. Made from docs/openapi.json by scripts/docs.ts: change the calls there."""


class Calls:
    """A method for each call; what it takes is named as in docs/api.md, with underscores."""

    def _ask(self, kind, method, path, fields):
        raise NotImplementedError
${methods.join('')}`;
}

function methodText(
  operation: Operation,
  { path, method }: { readonly path: string; readonly method: string },
): string[] {
  const { operationId, summary } = operation;
  const kind = kindOf(operation);
  // WebSockets and uploads are no calls of this client.
  if (kind === undefined) return [];
  const fields = fieldsOf(operation).toSorted((one, other) => +other.isNeeded - +one.isNeeded);
  const words = fields.map(({ name, isNeeded }) =>
    isNeeded ? named(name) : `${named(name)}=None`,
  );
  const given = ['self', ...(words.length > 0 ? ['*'] : []), ...words];
  const help = fields.flatMap(({ name, help }) =>
    help === '' ? [] : [`        ${named(name)}: ${help}`],
  );
  const doc = [summary, ...(help.length > 0 ? ['', ...help] : [])]
    .join('\n')
    .replaceAll('\\', '\\\\');
  const pairs = fields.map(({ name }) => `"${name}": ${named(name)}`);
  return [
    `
    def ${named(operationId.replace('.', '_'))}(${given.join(', ')}):
        """${doc}
        """
        return self._ask("${kind}", "${method}", "${path}", {${pairs.join(', ')}})
`,
  ];
}

function kindOf({ responses, requestBody }: Operation): string | undefined {
  const isSent = requestBody !== undefined && !('application/json' in requestBody.content);
  const [type = ''] = Object.keys(responses[200]?.content ?? {});
  return isSent ? undefined : KINDS[type];
}

function fieldsOf({ parameters = [], requestBody }: Operation): Field[] {
  const { properties = {}, required = [] } = requestBody?.content['application/json']?.schema ?? {};
  return [
    ...parameters.map(({ name, required: isNeeded, description: help = '' }) => ({
      name,
      isNeeded,
      help,
    })),
    ...Object.entries(properties).map(([name, { description: help = '' }]) => ({
      ...{ name, help },
      isNeeded: required.includes(name),
    })),
  ];
}

/** As Python writes names. */
function named(name: string): string {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return RESERVED.includes(snake) ? `${snake}_` : snake;
}
