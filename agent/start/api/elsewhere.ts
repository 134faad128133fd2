// The API for other machines, and for browsers.
import type { ApiAnswers, RefusedCall } from '../../api/api-options.ts';
import { refusalAudit } from '../../api/audit.ts';
import { readPage } from '../../api/page/page-files.ts';
import { startTlsApi } from '../../api/servers/tls-server.ts';
import type { Config } from '../../config/config.ts';
import { listenPlace } from '../../config/sections/forms.ts';
import { every } from '../../host/clock/every.ts';
import { apiSocketName } from '../../net/bound-sockets.ts';
import { limitedTlsServer } from '../../net/limits/limited-tls-server.ts';
import type { ApiParts } from './parts.ts';
import { auditBy } from './prepared-api.ts';

const CERTIFICATE_MS = 3_600_000;

/** By HTTPS, where the configuration names addresses. */
export async function listenForOthers(
  { api, state }: Config,
  parts: Pick<
    ApiParts,
    | 'accounts'
    | 'pageFolder'
    | 'problem'
    | 'onLimit'
    | 'print'
    | 'publish'
    | 'certificate'
    | 'sockets'
  > & {
    readonly answers: ApiAnswers;
  },
  services: AsyncDisposableStack,
): Promise<void> {
  if (api.listen.length === 0) return;
  const { accounts, answers, onLimit, pageFolder, problem, print, publish, sockets } = parts;
  const onCall = auditBy(publish);
  const refusalOf = refusalAudit(() => performance.now());
  const onRefused = (refused: RefusedCall) => {
    const event = refusalOf(refused);
    if (event !== undefined) publish([event]);
  };
  // What makes certificates takes long to load, and most servers need none.
  const { certificateOf } = await import('./certificate.ts');
  let tls = await certificateOf(api, state);
  parts.certificate.show(tls);
  const shows: ((now: typeof tls) => void)[] = [];
  const page = pageFolder === undefined ? {} : { page: await readPage(pageFolder) };
  for (const place of api.listen) {
    const { host, port } = listenPlace(place) ?? { host: place, port: 0 };
    const fd = sockets[apiSocketName({ host, port })];
    const server = await startTlsApi(answers, {
      ...{ accounts, host, port, fd, onCall, onRefused, onProblem: problem('api'), ...page },
      serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit }),
    });
    services.defer(() => server.close());
    shows.push((now) => server.show(now));
    print(`API on https://${place}, fingerprint ${tls.fingerprint}`);
  }
  // A server runs for longer than a certificate lasts, and an operator's own is another one every few weeks.
  const look = async () => {
    const now = await certificateOf(api, state);
    parts.certificate.show(now);
    if (now.cert === tls.cert) return;
    tls = now;
    for (const show of shows) show(now);
  };
  services.defer(every(CERTIFICATE_MS, look, problem('api')));
}
