// The images of this server: whose they are, for which models, who boots them; clone, duplicate, remove, import.
import { useEffect, useState } from 'preact/hooks';
import { sizeText } from '../../../agent/host/text/size-text.ts';
import { Empty } from '../../parts/empty.tsx';
import { TableHead, useSorted } from '../../parts/lists/column-heads.tsx';
import { call, type Reply } from '../../server/client.ts';
import { may, mayChange, me } from '../../state/me.ts';
import { lastEvent, nodes } from '../../state/nodes/nodes.ts';
import { trying } from '../../state/notices.ts';
import { query } from '../../state/router.ts';
import type { Column } from '../../state/sorting.ts';
import { dayText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import { SearchField } from '../nodes/filters.tsx';
import { CloneDialog, DuplicateDialog, ImportDialog, RemoveDialog } from './dialogs.tsx';
import { Fetching } from './fetching.tsx';
import { FindDialog } from './find-dialog.tsx';

/** An image as the server tells of it. */
export type Image = Reply<'images.list'>['images'][number];

const says = texts.images;

type Asked =
  | { readonly kind: 'clone'; readonly source: string }
  | { readonly kind: 'duplicate' | 'remove'; readonly name: string }
  | { readonly kind: 'find' | 'import' };

/** The page. */
export function ImagesPage() {
  const [images, setImages] = useState<readonly Image[]>();
  const [asked, setAsked] = useState<Asked>();
  const load = () => trying(async () => setImages((await call('images.list')).images));
  useEffect(() => {
    load();
    return lastEvent.subscribe((event) => {
      if (event?.kind === 'image-ready') load();
    });
  }, []);
  if (images === undefined) return <p class="loading">{texts.loading}</p>;
  const text = (query.value.get('q') ?? '').toLowerCase();
  const shown = images.filter(({ name }) => name.toLowerCase().includes(text));
  const leave = () => {
    setAsked(undefined);
    load();
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>
          {says.title} <small>{says.count(images.length)}</small>
        </h1>
        {mayChange.value ? (
          <div class="buttons">
            <button type="button" onClick={() => setAsked({ kind: 'find' })}>
              {says.find}
            </button>
            {may('admin') ? (
              <button type="button" onClick={() => setAsked({ kind: 'import' })}>
                {says.import}
              </button>
            ) : null}
          </div>
        ) : null}
      </header>
      <Fetching />
      {images.length === 0 ? (
        <Empty title={says.noneTitle} text={says.noneText} />
      ) : (
        <>
          <div class="filters">
            <SearchField label={texts.search} hint={says.columns.name} name="q" />
          </div>
          <ImageTable images={shown} onAsk={setAsked} />
        </>
      )}
      {asked?.kind === 'clone' ? <CloneDialog source={asked.source} onClose={leave} /> : null}
      {asked?.kind === 'duplicate' ? <DuplicateDialog name={asked.name} onClose={leave} /> : null}
      {asked?.kind === 'remove' ? <RemoveDialog name={asked.name} onClose={leave} /> : null}
      {asked?.kind === 'import' ? <ImportDialog onClose={leave} /> : null}
      {asked?.kind === 'find' ? (
        <FindDialog onClose={leave} onClone={(source) => setAsked({ kind: 'clone', source })} />
      ) : null}
    </section>
  );
}

function ImageTable({
  images,
  onAsk,
}: {
  readonly images: readonly Image[];
  readonly onAsk: (asked: Asked) => void;
}) {
  const titles = says.columns;
  const counts = Map.groupBy(nodes.value ?? [], ({ image }) => image);
  const usersOf = ({ name }: Image) => counts.get(name)?.length ?? 0;
  const columns: readonly Column<Image>[] = [
    { key: 'name', title: titles.name, by: ({ name }) => name },
    { key: 'models', title: titles.models, by: ({ models }) => models.join(' ') },
    { key: 'size', title: titles.size, by: ({ size }) => size },
    { key: 'created', title: titles.created, by: ({ created }) => created },
    { key: 'users', title: titles.users, by: usersOf },
    { key: 'actions', title: titles.actions },
  ];
  const shown = useSorted(images, { columns });
  return (
    <div class="scrolls box" tabIndex={0} role="region" aria-label={says.title}>
      <table class="images">
        <TableHead columns={columns} />
        <tbody>
          {shown.map((image) => (
            <tr key={image.name}>
              <td>
                <b>{image.name}</b>
              </td>
              <td>
                {image.models.map((model) => (
                  <span class="tag" key={model}>
                    {model}
                  </span>
                ))}
              </td>
              <td class="nowrap">{sizeText(image.size)}</td>
              <td class="nowrap">{dayText(image.created)}</td>
              <td class="nowrap">
                <Users image={image.name} count={usersOf(image)} />
              </td>
              <td class="nowrap">
                <Tools image={image} onAsk={onAsk} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Users({ image, count }: { readonly image: string; readonly count: number }) {
  if (count === 0) return <>{says.nodes(0)}</>;
  return <a href={`/nodes?q=${encodeURIComponent(image)}`}>{says.nodes(count)}</a>;
}

function Tools({
  image,
  onAsk,
}: {
  readonly image: Image;
  readonly onAsk: (asked: Asked) => void;
}) {
  const { name, inUse } = image;
  const isOwn = name.startsWith(`${me.value?.user}/`);
  if (!mayChange.value) return null;
  const button = (text: string, asked: Asked, isOff = false) => (
    <button
      type="button"
      aria-label={`${text} ${name}`}
      disabled={isOff}
      onClick={() => onAsk(asked)}
    >
      {text}
    </button>
  );
  if (!isOwn) return button(says.clone, { kind: 'clone', source: `walt:${name}` });
  return (
    <span class="buttons">
      {button(says.duplicate, { kind: 'duplicate', name })}
      {button(says.remove, { kind: 'remove', name }, inUse)}
    </span>
  );
}
