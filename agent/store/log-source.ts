// Which sources a selection of lines is about.
import type { LogSelection, LogSource } from './records/logs.ts';

/** What a selection says of sources. */
export type SourceSelection = Pick<
  LogSelection,
  'stream' | 'streams' | 'exceptStreams' | 'issuers'
>;

/** Tells of a source whether it is one of the selection. */
export function sourceFilter({
  stream: prefix = '',
  streams,
  exceptStreams,
  issuers,
}: SourceSelection) {
  const ofStreams = streams === undefined ? undefined : new Set(streams);
  const unwanted = new Set(exceptStreams);
  const ofIssuers = issuers === undefined ? undefined : new Set(issuers);
  return ({ stream, issuer }: LogSource): boolean =>
    stream.startsWith(prefix) &&
    (ofStreams?.has(stream) ?? true) &&
    !unwanted.has(stream) &&
    (ofIssuers?.has(issuer) ?? true);
}
