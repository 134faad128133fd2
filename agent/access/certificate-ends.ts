// When the certificates end that other machines see, and what is to be done before.

/** Milliseconds since 1970. */
export type CertificateEnds = {
  /** of the server's own authority; missing where an operator gave the certificate */
  readonly authority?: number;
  /** of the certificate itself */
  readonly server: number;
};

/** Something to do about one of them. */
export type EndWarning = {
  readonly isOver: boolean;
  /** what ends when */
  readonly detail: string;
  readonly meaning: string;
  /** a command, or where there is none, what else */
  readonly mend: string;
};

const DAY_MS = 86_400_000;
/** An authority is renewed by a person, and those who know it look for the new one. */
const AUTHORITY_DAYS = 90;
/** Ours is made anew 60 days before its end, and others' by programs that do it 30 days before: then nobody did. */
const SERVER_DAYS = 20;

/** @returns undefined where there is enough time. @param now milliseconds since 1970 */
export function endWarning(
  { authority, server }: CertificateEnds,
  now: number,
): EndWarning | undefined {
  if (authority !== undefined && authority - now < AUTHORITY_DAYS * DAY_MS) {
    return {
      ...when('the authority of the API', { end: authority, now }),
      meaning: 'Then no other machine reaches the API: neither walt, nor programs, nor the page.',
      mend: 'walt-server renew-authority (walt help show remote)',
    };
  }
  if (server - now >= SERVER_DAYS * DAY_MS) return undefined;
  return {
    ...when('the certificate of the API', { end: server, now }),
    meaning: 'Then no other machine reaches the API: neither walt, nor programs, nor the page.',
    mend:
      authority === undefined
        ? 'put a new one where api.certificate of the configuration says'
        : 'look into the log for why the server did not make another one',
  };
}

function when(what: string, { end, now }: { readonly end: number; readonly now: number }) {
  const date = new Date(end).toISOString().slice(0, 10);
  const isOver = end <= now;
  const days = Math.floor((end - now) / DAY_MS);
  const left = days === 1 ? 'in 1 day' : `in ${days} days`;
  return { isOver, detail: isOver ? `${what} ended on ${date}` : `${what} ends ${left} (${date})` };
}
