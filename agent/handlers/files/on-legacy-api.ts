// The read-only API of WalT 10 on port 80 of walt-net, for scripts that were written for it (`api.legacy`): nodes, images and lines of
// the log, in its words.
import { type Device, isNode } from '../../devices/device.ts';
import { type Image, ownerOf } from '../../images/content/image.ts';
import type { FileOutcome } from './find-file.ts';

/** What it tells of. */
export type LegacyContext = {
  readonly registry: { readonly all: () => readonly Device[] };
  readonly images: { readonly all: () => readonly Image[] };
  readonly logs: { readonly read: (query: LogQuery) => Promise<readonly LogLine[]> };
  readonly isBooted: (mac: string) => boolean;
};

/** What was asked beside the path. */
export type LegacyAsked = {
  readonly query: URLSearchParams;
  /** header `prefer` */
  readonly prefer: string;
};

type LogQuery = {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly issuers?: readonly string[];
  readonly streams?: readonly string[];
  readonly limit: number;
};
/** `at`: microseconds since 1970 */
type LogLine = {
  readonly at: number;
  readonly issuer: string;
  readonly stream: string;
  readonly line: string;
};
type Row = Readonly<Record<string, unknown>>;

/** One answer is whole in memory. */
const MOST_LINES = 10_000;
const UNITS: Readonly<Record<string, number>> = { s: 1_000_000, ms: 1000 };

/** @returns undefined for another path */
export async function onLegacyApi(
  path: string,
  asked: LegacyAsked,
  context: LegacyContext,
): Promise<FileOutcome | undefined> {
  const answer = ANSWERS[path];
  if (answer === undefined) return undefined;
  try {
    return jsonOutcome(await answer(asked.query, context));
  } catch (thrown) {
    if (thrown instanceof LegacyError) return errorOutcome(thrown.message, asked.prefer);
    throw thrown;
  }
}

/** What was asked cannot be answered. */
class LegacyError extends Error {
  override name = 'LegacyError' as const;
}

type Answer = (query: URLSearchParams, context: LegacyContext) => Promise<Row> | Row;

const ANSWERS: Readonly<Record<string, Answer>> = {
  '/api/v1/nodes': (query, { registry, isBooted }) => {
    const fields = ['name', 'model', 'virtual', 'image', 'booted', 'ip', 'mac'];
    const nodes = registry
      .all()
      .filter(isNode)
      .map(({ name, model, machine, image, ip, mac, settings = {} }) => {
        const [virtual, booted] = [machine !== undefined, isBooted(mac)];
        return { name, model, virtual, image, booted, ip, mac, config: settings };
      });
    const found = selected(nodes, { query, fields });
    return { num_nodes: found.length, nodes: found };
  },
  '/api/v1/images': (query, { images, registry }) => {
    const fields = ['fullname', 'user', 'id', 'in_use'];
    const used = new Set(registry.all().map(({ image }) => image));
    const all = images.all().map(({ name, digest, created, models }) => ({
      ...{ fullname: name, user: ownerOf(name), id: digest, in_use: used.has(name) },
      ...{ created: created / UNITS_OF_SECOND, compatibility: models },
    }));
    const found = selected(all, { query, fields, others: ['refresh'] });
    return { num_images: found.length, images: found };
  },
  '/api/v1/logs': async (query, { logs }) => {
    refuseOthers(query, ['from', 'to', 'ts_unit', 'issuer', 'stream']);
    const unit = UNITS[query.get('ts_unit') ?? 's'];
    if (unit === undefined) throw new LegacyError('ts_unit is not valid: expected s or ms');
    const [from, to] = ['from', 'to'].map((name) => timeOf(query, { name, unit }));
    const [issuer, stream] = [query.get('issuer'), query.get('stream')];
    const found = await logs.read({
      ...{ from, to, limit: MOST_LINES + 1 },
      ...(issuer === null ? {} : { issuers: [issuer] }),
      ...(stream === null ? {} : { streams: [stream] }),
    });
    if (found.length > MOST_LINES) {
      throw new LegacyError(`there are more than ${MOST_LINES} lines: take a shorter time`);
    }
    const rows = found.map((log) => ({
      ...{ timestamp: log.at / unit, line: log.line },
      ...{ issuer: log.issuer, stream: log.stream },
    }));
    return { num_logs: rows.length, logs: rows };
  },
};

const UNITS_OF_SECOND = 1_000_000;

type Selection = {
  readonly query: URLSearchParams;
  readonly fields: readonly string[];
  readonly others?: readonly string[];
};

/** Rows that have each value that was asked for. */
function selected(rows: readonly Row[], { query, fields, others = [] }: Selection): readonly Row[] {
  refuseOthers(query, [...fields, ...others]);
  const wanted = fields.filter((field) => query.has(field));
  return rows.filter((row) =>
    wanted.every(
      (field) => String(row[field]) === query.get(field)?.replace(/^(True|False)$/, lower),
    ),
  );
}

function lower(word: string): string {
  return word.toLowerCase();
}

function refuseOthers(query: URLSearchParams, known: readonly string[]): void {
  const other = [...query.keys()].find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new LegacyError(`there is no parameter '${other}': expected some of ${known.join(', ')}`);
}

function timeOf(
  query: URLSearchParams,
  { name, unit }: { readonly name: string; readonly unit: number },
): number {
  const text = query.get(name) ?? '';
  const time = Number(text);
  if (text !== '' && Number.isFinite(time)) return Math.round(time * unit);
  throw new LegacyError(`parameter '${name}' has to be a time: seconds since 1970`);
}

function jsonOutcome(answer: Row): FileOutcome {
  const bytes = Buffer.from(JSON.stringify(answer));
  return { found: { kind: 'bytes', bytes, type: 'application/json' }, isMedium: true, events: [] };
}

function errorOutcome(reason: string, prefer: string): FileOutcome {
  const isJson = /\berrors=json\b/.test(prefer);
  const text = isJson ? JSON.stringify({ error: reason }) : `${reason}\n`;
  const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
  const found = { kind: 'bytes', bytes: Buffer.from(text), type, status: 400 } as const;
  return { found, isMedium: true, events: [] };
}
