// The certificate that other machines see now: its ends are in the numbers of the server, and the log warns before they come.
import { type CertificateEnds, endWarning } from '../../access/certificate-ends.ts';
import type { ServerCertificate } from '../../access/certificates.ts';
import { WaltError } from '../../errors.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  readonly metrics: Pick<Metrics, 'watch'>;
  readonly problem: Problem;
  /** milliseconds since 1970 */
  readonly clock: () => number;
};

const DAY_MS = 86_400_000;

/** Of one server. */
export class ShownCertificate {
  readonly #parts: Parts;
  #ends: CertificateEnds | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.metrics.watch('walt_certificate_end_seconds', () =>
      Object.entries(this.#ends ?? {}).map(([of, end]) => ({
        labels: { of },
        value: Math.floor(end / 1000),
      })),
    );
  }

  /** undefined where no other machine reaches the server */
  get ends(): CertificateEnds | undefined {
    return this.#ends;
  }

  /** It is looked at each hour; the log says once a day what is to be done. */
  show({ ends }: Pick<ServerCertificate, 'ends'>): void {
    this.#ends = ends;
    const { problem, clock } = this.#parts;
    const now = clock();
    const warning = endWarning(ends, now);
    if (warning === undefined) this.#toldAt = Number.NEGATIVE_INFINITY;
    // A clock that was set back leaves no silence of years.
    if (warning === undefined || Math.abs(now - this.#toldAt) < DAY_MS) return;
    this.#toldAt = now;
    const { detail, meaning, mend } = warning;
    problem('api')(new WaltError(`${detail}. ${meaning} Do this: ${mend}`));
  }
}
