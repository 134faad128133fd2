// What the server finds out about itself, and what to do about it.
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../parts/icon.tsx';
import { call, type Reply } from '../server/client.ts';
import { trying } from '../state/notices.ts';
import { texts } from '../texts.ts';

type Check = Reply<'server.examine'>['checks'][number];

const says = texts.health;
const ORDER: readonly Check['status'][] = ['failed', 'warning', 'ok', 'skipped'];
const ICONS: Readonly<Record<Check['status'], IconName>> = {
  failed: 'cross',
  warning: 'warn',
  ok: 'check',
  skipped: 'dash',
};

/** The page: the worst first. */
export function HealthPage() {
  const [checks, setChecks] = useState<readonly Check[]>();
  const [isBusy, setBusy] = useState(false);
  const examine = async () => {
    setBusy(true);
    await trying(async () => setChecks((await call('server.examine')).checks));
    setBusy(false);
  };
  useEffect(() => {
    examine();
  }, []);
  const sorted = checks?.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  const count = (status: Check['status']) =>
    checks?.filter((one) => one.status === status).length ?? 0;
  const summary = says.summary(count('failed'), count('warning'));
  return (
    <section class="page">
      <header class="bar">
        <h1>{says.title}</h1>
        <button type="button" onClick={examine} disabled={isBusy}>
          {says.again}
        </button>
      </header>
      <p class="lead" role="status">
        {isBusy
          ? says.examining
          : checks === undefined
            ? says.lead
            : summary === ''
              ? says.good
              : summary}
      </p>
      <ul class="checks">
        {sorted?.map((check) => (
          <li key={check.name} class={`check-row ${check.status}`}>
            <Icon name={ICONS[check.status]} />
            <div>
              <h2>
                {check.name} <small>{says.statuses[check.status]}</small>
              </h2>
              <p>{check.detail}</p>
              {check.meaning === undefined ? null : (
                <p>
                  <b>{says.meaning}:</b> {check.meaning}
                </p>
              )}
              {check.mend === undefined ? null : (
                <p>
                  <b>{says.mend}:</b> {check.mend}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
