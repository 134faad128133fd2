// Questions about images. Work that takes a while says how far it is.
import { WorkDialog } from '../../parts/work-dialog.tsx';
import { call, type Line, lines } from '../../server/client.ts';
import { me } from '../../state/me.ts';
import { texts } from '../../texts.ts';

const says = texts.images;

/** Reads to the end. @returns the name of what was made */
async function followImage(
  pages: AsyncIterable<readonly Line<'images.clone'>[]>,
  say: (text: string) => void,
): Promise<string> {
  for await (const page of pages) {
    for (const line of page) {
      if (line.kind === 'step') say(line.text);
      if (line.kind === 'failed') throw new Error(line.error);
      if (line.kind === 'done') return line.image.name;
      if (line.kind === 'others-image') throw new Error(`${line.name} is of another user.`);
    }
  }
  throw new Error('The server ended before it was done.');
}

/** Makes an image of the user's from another one. */
export function CloneDialog({
  source,
  onClose,
}: {
  readonly source: string;
  readonly onClose: () => void;
}) {
  const [, rest = source] = /^[^/]*[:/](.*)$/.exec(source) ?? [];
  return (
    <WorkDialog
      title={says.cloneTitle(source)}
      text={says.cloneText}
      submit={says.clone}
      fields={[{ name: 'name', label: says.ownName, value: rest.split('/').at(-1) ?? '' }]}
      onClose={onClose}
      work={async ({ name = '' }, say) =>
        says.made(await followImage(lines('images.clone', { source, name }), say))
      }
    />
  );
}

/** Gives the content of an image a second name. */
export function DuplicateDialog({
  name,
  onClose,
}: {
  readonly name: string;
  readonly onClose: () => void;
}) {
  const own = ownPart(name);
  return (
    <WorkDialog
      title={says.duplicateTitle(name)}
      text={says.duplicateText}
      submit={says.duplicate}
      fields={[{ name: 'to', label: says.ownName, value: own.replace(/(:|$)/, '-2$1') }]}
      onClose={onClose}
      work={async ({ to = '' }) =>
        says.made((await call('images.duplicate', { name: own, to })).name)
      }
    />
  );
}

/** Removes an image. */
export function RemoveDialog({
  name,
  onClose,
}: {
  readonly name: string;
  readonly onClose: () => void;
}) {
  return (
    <WorkDialog
      title={says.removeTitle(name)}
      text={says.removeText}
      submit={says.remove}
      isBad
      onClose={onClose}
      work={async () => {
        await call('images.remove', { name: ownPart(name) });
        return says.removed(name);
      }}
    />
  );
}

/** Takes an image in from the disk of the server. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <WorkDialog
      title={says.importTitle}
      text={says.importText}
      submit={says.import.replace('…', '')}
      fields={[
        { name: 'source', label: says.path, value: '' },
        { name: 'name', label: says.nameInstead, value: '', isOptional: true },
      ]}
      onClose={onClose}
      work={async ({ source = '', name = '' }, say) => {
        const asked = name === '' ? { source } : { source, name };
        return says.made(await followImage(lines('images.import', asked), say));
      }}
    />
  );
}

/** Calls take the user's own images without the user's name. */
function ownPart(name: string): string {
  const prefix = `${me.value?.user}/`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
