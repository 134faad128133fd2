// "Which medium do I need?": three questions, then the file, its checksum, and how to write it.
import { useEffect, useState } from 'preact/hooks';
import { sizeText } from '../../agent/host/text/size-text.ts';
import { CopiedCode } from '../parts/copied-code.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { TableHead, useSorted } from '../parts/lists/column-heads.tsx';
import { call, pathOf, type Reply } from '../server/client.ts';
import { type Advice, type Question, reached } from '../state/media-choice.ts';
import { trying } from '../state/notices.ts';
import { query, setQuery } from '../state/router.ts';
import type { Column } from '../state/sorting.ts';
import { texts } from '../texts.ts';

type Medium = Reply<'media.list'>['media'][number];

const says = texts.media;

/** The page. The answers so far are in the address. */
export function MediaPage() {
  const [media, setMedia] = useState<readonly Medium[]>();
  useEffect(() => {
    trying(async () => setMedia((await call('media.list')).media));
  }, []);
  const answers = (query.value.get('is') ?? '').split('.').filter((id) => id !== '');
  const { at, depth } = reached(answers);
  const choose = (ids: readonly string[]) => setQuery({ is: ids.join('.') });
  if (media === undefined) return <p class="loading">{texts.loading}</p>;
  return (
    <section class="page">
      <header class="bar">
        <h1>{says.title}</h1>
      </header>
      <div class="box wizard" aria-live="polite">
        <p class="hint">
          {at.kind === 'question' ? `${says.lead} ${says.step(depth + 1)}` : says.answer}
        </p>
        {at.kind === 'question' ? (
          <Ask question={at} onChoose={(id) => choose([...answers.slice(0, depth), id])} />
        ) : (
          <Told advice={at} media={media} />
        )}
        {depth === 0 ? null : (
          <p class="buttons">
            <button type="button" onClick={() => choose(answers.slice(0, depth - 1))}>
              <Icon name="back" /> {says.back}
            </button>
            <button type="button" class="plain" onClick={() => choose([])}>
              {says.again}
            </button>
          </p>
        )}
      </div>
      <AllMedia media={media} />
    </section>
  );
}

function Ask({
  question,
  onChoose,
}: {
  readonly question: Question;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <>
      <h2>{question.text}</h2>
      <div class="choices">
        {question.choices.map(({ id, text, hint }) => (
          <button type="button" key={id} onClick={() => onChoose(id)}>
            <b>{text}</b>
            {hint === undefined ? null : <small>{hint}</small>}
          </button>
        ))}
      </div>
    </>
  );
}

function Told({ advice, media }: { readonly advice: Advice; readonly media: readonly Medium[] }) {
  const { name, why, then } = advice;
  const medium = media.find((one) => one.name === name);
  return (
    <>
      <h2>{name ?? texts.none}</h2>
      <p>{why}</p>
      <dl class="how">
        {name !== undefined && medium === undefined ? (
          <Step title={says.missing} code={says.build} />
        ) : null}
        {medium === undefined ? null : (
          <>
            <div>
              <dt>{says.download}</dt>
              <dd>
                <Download name={medium.name} />
              </dd>
            </div>
            <Step
              title={says.get}
              code={`walt media get ${medium.name}`}
              note={`${sizeText(medium.bytes)} · ${medium.path}`}
            />
            <Step title={says.checksum} code={medium.sha256} />
            <Step
              title={says.whole}
              code={`echo '${medium.sha256}  ${medium.name}' | sha256sum --check`}
            />
            <Step title={says.write} code={writing(medium)} />
          </>
        )}
        <div>
          <dt>{says.plug}</dt>
          <dd>{then}</dd>
        </div>
      </dl>
    </>
  );
}

/** The browser gets it itself, and goes on where it broke off. */
function Download({ name }: { readonly name: string }) {
  const file = pathOf('media.download', { name });
  return (
    <a href={file} download={name} aria-label={`${says.download}: ${name}`}>
      <code>{name}</code>
    </a>
  );
}

function writing({ name, isDisk }: Medium): string {
  return isDisk
    ? `walt media write ${name} /dev/DISK`
    : `tar --extract --file ${name} --directory /PATH/OF/IT`;
}

function Step({
  title,
  code,
  note,
}: {
  readonly title: string;
  readonly code: string;
  readonly note?: string;
}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <CopiedCode code={code} label={title} />
        {note === undefined ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}

const COLUMNS: readonly Column<Medium>[] = [
  { key: 'name', title: says.columns.name, by: ({ name }) => name },
  { key: 'machines', title: says.columns.machines, by: ({ machines }) => machines },
  { key: 'size', title: says.columns.size, by: ({ bytes }) => bytes },
  { key: 'sha256', title: says.columns.sha256 },
];

function AllMedia({ media }: { readonly media: readonly Medium[] }) {
  const shown = useSorted(media, { columns: COLUMNS });
  if (media.length === 0) return <Empty title={says.noneTitle} text={says.noneText} />;
  return (
    <section class="box">
      <h2>{says.all}</h2>
      <div class="scrolls" tabIndex={0} role="region" aria-label={says.all}>
        <table>
          <TableHead columns={COLUMNS} />
          <tbody>
            {shown.map((medium) => (
              <tr key={medium.name}>
                <td class="nowrap">
                  <Download name={medium.name} />
                </td>
                <td>{medium.machines}</td>
                <td class="nowrap">{sizeText(medium.bytes)}</td>
                <td>
                  <code title={medium.sha256}>{medium.sha256.slice(0, 12)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
