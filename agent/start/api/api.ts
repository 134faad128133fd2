// What the `walt` command asks for.
import { join } from 'node:path';
import { givesRoles } from '../../access/openid/claims.ts';
import type { Config } from '../../config/config.ts';
import { every } from '../../host/clock/every.ts';
import { Matchers } from '../../host/matching/matchers.ts';
import { Uploads } from '../../images/uploads/uploads.ts';
import { LIMITS } from '../../net/limits/table.ts';
import { usedByNodes } from '../images/images.ts';
import { apiAnswers } from './answers.ts';
import { listenForOthers } from './elsewhere.ts';
import type { ApiParts } from './parts.ts';
import { signInsOf } from './sign-ins.ts';

const USE_MS = 3_600_000;
const UPLOADS_MS = 60_000;

/** Starts to answer `walt`; what ends it is added to `services`. */
export async function startApi(
  config: Config,
  parts: ApiParts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { images, registry, problem, onLimit, prepared } = parts;
  const markUsed = () => images.markUsed(usedByNodes(registry).names);
  // Nobody has to wait for the disk.
  markUsed().catch(problem('images'));
  services.defer(every(USE_MS, markUsed, problem('images')));
  services.defer(async () => {
    await parts.shellRuns.stop();
    parts.shells.stop();
    await parts.workshop.idle();
  });
  const matchers = new Matchers();
  services.defer(() => matchers.close());
  const uploads = new Uploads({
    folder: join(images.folder, 'tmp/uploads'),
    most: LIMITS['api-uploads'].inAll,
    onFull: (whose) => onLimit('api-uploads', whose),
    now: () => performance.now(),
  });
  services.defer(every(UPLOADS_MS, () => uploads.removeOld(), problem('uploads')));
  const signIns = await signInsOf(config, parts);
  const providerGivesRoles = config.api.oidc !== undefined && givesRoles(config.api.oidc);
  const ofUser = {
    most: LIMITS['api-uploads'].perUser,
    bytes: config.images.maxGigabytes * 1e9,
  };
  const answers = apiAnswers({
    ...{ ...parts, matchers, uploads, ofUser, signIns, providerGivesRoles },
  });
  const server = await prepared.open(answers);
  services.defer(() => server.close());
  await listenForOthers(config, { ...parts, answers }, services);
}
