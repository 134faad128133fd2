// The log of the whole server: live, with filters that stay in the address, and as far back as somebody asks.
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../server/client.ts';
import { trying } from '../../state/notices.ts';
import { query, setQuery } from '../../state/router.ts';
import { texts } from '../../texts.ts';
import { Choice, SearchField } from '../nodes/filters.tsx';
import { LogLines } from './log-lines.tsx';

const says = texts.log;

/** The page. */
export function LogPage() {
  const [sources, setSources] = useState<readonly { issuer: string; stream: string }[]>([]);
  useEffect(() => {
    trying(async () => setSources((await call('logs.sources')).sources));
  }, []);
  const asked = query.value;
  const [text, issuers, stream] = ['q', 'issuer', 'stream'].map((name) => asked.get(name) ?? '');
  const filters = {
    ...(text ? { lineMatches: escaped(text) } : {}),
    ...(issuers ? { issuers } : {}),
    ...(stream ? { stream } : {}),
  };
  return (
    <section class="page fills">
      <header class="bar">
        <h1>{says.title}</h1>
      </header>
      <div class="filters">
        <SearchField label={says.text} hint={says.text} name="q" />
        <Choice name="issuer" label={says.issuer}>
          {unique(sources.map(({ issuer }) => issuer))}
        </Choice>
        <Choice name="stream" label={says.stream}>
          {unique(sources.map((source) => source.stream))}
        </Choice>
        {text || issuers || stream ? (
          <button type="button" onClick={() => setQuery({ q: '', issuer: '', stream: '' })}>
            {texts.nodes.clear}
          </button>
        ) : null}
      </div>
      <LogLines filters={filters} label={says.label} />
    </section>
  );
}

function unique(names: readonly string[]): [string, string][] {
  return [...new Set(names)].toSorted().map((name) => [name, name]);
}

/** What is typed is text; the server takes a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
