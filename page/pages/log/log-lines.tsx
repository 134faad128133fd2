// Lines of the log: those of the past, and new ones as they come; the one that is chosen is shown whole.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { VirtualList } from '../../parts/lists/virtual-list.tsx';
import { useNarrow } from '../../parts/narrow.ts';
import { momentText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import { type LogFilters, type LogLine, readEarlier, useLog } from './use-log.ts';

const says = texts.log;
const ROW = 26;
const NARROW_ROW = 46;

/** Lines that pass. */
export function LogLines({
  filters,
  label,
}: {
  readonly filters: LogFilters;
  readonly label: string;
}) {
  const key = JSON.stringify(filters);
  const asked = useMemo<LogFilters>(() => JSON.parse(key), [key]);
  const [follows, setFollows] = useState(true);
  const [earlier, setEarlier] = useState<readonly LogLine[]>([]);
  const [isStart, setStart] = useState(false);
  const [chosen, setChosen] = useState<LogLine>();
  const { lines, error } = useLog(asked);
  const isNarrow = useNarrow();
  useEffect(() => {
    setEarlier([]);
    setStart(false);
    setChosen(undefined);
  }, [key]);
  const all = useMemo(() => [...earlier, ...(lines ?? [])], [earlier, lines]);
  const more = async () => {
    const [first] = all;
    if (first === undefined) return;
    setFollows(false);
    const found = await readEarlier(asked, first.id);
    if (found.length === 0) setStart(true);
    setEarlier([...found, ...earlier]);
  };
  if (lines === undefined && error === '') return <p class="loading">{texts.loading}</p>;
  return (
    <div class="log">
      <div class="log-bar">
        <button type="button" onClick={more} disabled={isStart || all.length === 0}>
          {isStart ? says.start : says.earlier}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={follows}
            onChange={({ currentTarget }) => setFollows(currentTarget.checked)}
          />
          {says.follow}
        </label>
        <span class="hint">{error === '' ? says.count(all.length) : `${says.ended} ${error}`}</span>
      </div>
      {all.length === 0 ? (
        <Empty title={says.empty} text={says.emptyText} />
      ) : (
        <VirtualList
          label={label}
          class="lines"
          items={all}
          rowHeight={isNarrow ? NARROW_ROW : ROW}
          columns={4}
          followsEnd={follows}
          keyOf={({ id }) => id}
          head={<Head />}
          row={(line) => <Row line={line} onChoose={setChosen} isChosen={line.id === chosen?.id} />}
        />
      )}
      {chosen === undefined ? null : (
        <aside class="chosen" aria-label={says.columns.line}>
          <b>{momentText(chosen.at)}</b> {chosen.issuer} <small>{chosen.stream}</small>
          <button
            type="button"
            class="plain"
            aria-label={texts.close}
            onClick={() => setChosen(undefined)}
          >
            <Icon name="close" />
          </button>
          <pre>{chosen.line}</pre>
        </aside>
      )}
    </div>
  );
}

function Head() {
  const { time, issuer, stream, line } = says.columns;
  return (
    <div class="head" role="rowgroup">
      <div role="row">
        {[time, issuer, stream, line].map((text) => (
          <span role="columnheader" key={text}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

type RowProps = {
  readonly line: LogLine;
  readonly isChosen: boolean;
  readonly onChoose: (line: LogLine) => void;
};

function Row({ line, isChosen, onChoose }: RowProps) {
  return (
    <>
      <time role="cell">{momentText(line.at)}</time>
      <span role="cell" class="issuer">
        {line.issuer}
      </span>
      <span role="cell" class="stream">
        {line.stream}
      </span>
      <span role="cell" class="text">
        <button type="button" class="plain" aria-pressed={isChosen} onClick={() => onChoose(line)}>
          {line.line}
        </button>
      </span>
    </>
  );
}
