// Looks for images that can be cloned: of other users, of folders of archives, of registries.
import { useState } from 'preact/hooks';
import { Dialog } from '../../parts/dialog.tsx';
import { call, type Reply } from '../../server/client.ts';
import { trying } from '../../state/notices.ts';
import { texts } from '../../texts.ts';

const says = texts.images;

/** Asks for a word, and shows what there is. */
export function FindDialog({
  onClose,
  onClone,
}: {
  readonly onClose: () => void;
  readonly onClone: (source: string) => void;
}) {
  const [keyword, setKeyword] = useState('');
  const [found, setFound] = useState<Reply<'images.search'>>();
  const [isBusy, setBusy] = useState(false);
  const search = async () => {
    setBusy(true);
    await trying(async () => setFound(await call('images.search', { keyword })));
    setBusy(false);
  };
  return (
    <Dialog
      title={says.findTitle}
      submit={texts.search}
      isBusy={isBusy}
      onSubmit={search}
      onClose={onClose}
    >
      <p>{says.findText}</p>
      <label class="field">
        {says.keyword}
        <input
          value={keyword}
          spellcheck={false}
          onInput={({ currentTarget }) => setKeyword(currentTarget.value)}
        />
      </label>
      <p role="status" class="hint">
        {isBusy ? says.searching : found === undefined ? '' : says.found(found.images.length)}
      </p>
      {found?.problems.map((problem) => (
        <p class="warning" key={problem}>
          {problem}
        </p>
      ))}
      <ul class="found">
        {found?.images.map(({ link, name, models }) => (
          <li key={link}>
            <span>
              <b>{name}</b> <small>{models?.join(', ') ?? texts.unknown}</small>
            </span>
            <button
              type="button"
              aria-label={`${says.clone} ${link}`}
              onClick={() => onClone(link)}
            >
              {says.clone}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
