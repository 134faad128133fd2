// The bytes of a part, wherever they are.
import { createReadStream } from 'node:fs';
import type { PartPlace } from '../../content/source.ts';
import { openResponse } from '../registry/open-response.ts';
import { RegistryError } from '../registry/registry-error.ts';

/** Another try may do better: the registry is busy. */
export class BusyError extends RegistryError {
  constructor(status: number) {
    super('failed', `it answers with HTTP status ${status}`);
  }
}

const PIECE = 1 << 18;

/**
 * @param signal ends the reading
 * @throws {RegistryError} if a registry does not give it
 */
export async function openPart(
  place: PartPlace,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (place.kind === 'http') return await openRemote(place, signal);
  const { path, offset, length } = place;
  if (length === 0) return none();
  const range = { start: offset, end: offset + length - 1 };
  return createReadStream(path, { ...range, highWaterMark: PIECE, signal });
}

async function openRemote(
  { url, headers, ca }: Extract<PartPlace, { kind: 'http' }>,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const trust = ca === undefined ? {} : { ca };
  const { response } = await openResponse(url, { headers, signal, ...trust });
  const { statusCode: status = 0 } = response;
  if (status === 200) return response;
  response.destroy();
  if (status === 429 || status >= 500) throw new BusyError(status);
  const words: Record<number, string> = { 401: 'access is denied', 403: 'access is denied' };
  const absent = status === 404 ? 'a part of the image is not there' : undefined;
  throw new RegistryError(
    'failed',
    absent ?? words[status] ?? `it answers with HTTP status ${status}`,
  );
}

async function* none(): AsyncGenerator<Uint8Array> {}
