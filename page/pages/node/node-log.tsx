// Lines of the log about a node, which the server wrote, or those that it sent itself.
import { query, setQuery } from '../../state/router.ts';
import { texts } from '../../texts.ts';
import { LogLines } from '../log/log-lines.tsx';

const says = texts.node;

/** The lines, and which. */
export function NodeLog({ name }: { readonly name: string }) {
  const isFrom = query.value.get('lines') === 'from';
  // Names are letters, digits and dashes.
  const filters = isFrom ? { issuers: name } : { lineMatches: `(^|[^\\w-])${name}($|[^\\w-])` };
  const choice = (text: string, value: string) => (
    <button
      type="button"
      class="chip"
      aria-pressed={isFrom === (value !== '')}
      onClick={() => setQuery({ lines: value })}
    >
      {text}
    </button>
  );
  return (
    <div class="log">
      <div class="filters">
        <div class="chips" role="group" aria-label={says.tabs.log}>
          {choice(says.linesAbout, '')}
          {choice(says.linesFrom, 'from')}
        </div>
      </div>
      <LogLines filters={filters} label={says.tabs.log} />
    </div>
  );
}
