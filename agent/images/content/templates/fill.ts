// Fills the templates of an image that is being made ready: the files that its /etc/walt/image.spec names.
import { ImageError } from '../../../errors.ts';
import type { ImageFiles } from '../files/image-files.ts';
import { find, putAt } from '../tree/find.ts';
import { type Folder, sizeOf } from '../tree/image-tree.ts';
import { IMAGE_SPEC } from './image-spec-path.ts';
import { render } from './render.ts';
import { imageValues, type ServerValues } from './values.ts';

/** What is odd about an image, one sentence for the log. */
export type TemplateNote =
  /** the image boots, but perhaps not as it should */
  | { readonly kind: 'warning'; readonly text: string }
  /** asked for, and not done */
  | { readonly kind: 'ignored'; readonly text: string };

type FillOptions = {
  readonly digest: string;
  readonly values: ServerValues;
  /** content of the files of the tree */
  readonly files: ImageFiles;
};

/** What was done to the templates of an image. */
export type Filling = {
  /** how many files were filled */
  readonly filled: number;
  readonly notes: readonly TemplateNote[];
};

const LONGEST = 2 ** 20;

/**
 * Each file is replaced where the name stands, with mode and owner as before; other names of it keep what they have.
 * @throws {ImageError} if a template leads out of the image
 */
export async function fillTemplates(root: Folder, options: FillOptions): Promise<Filling> {
  const text = await shortText(root, IMAGE_SPEC, options.files);
  if (text === undefined) return { filled: 0, notes: [] };
  // Few images have one, and what reads it takes longer to load than an image to unpack.
  const { parseImageSpec } = await import('./image-spec.ts');
  const parsed = parseImageSpec(Buffer.from(text, 'latin1').toString());
  if (parsed.kind === 'wrong') {
    return { filled: 0, notes: [warning(`/${IMAGE_SPEC} is passed over: ${parsed.reason}`)] };
  }
  const { templates, features } = parsed.spec;
  const notes: TemplateNote[] = features.map((feature) => ({
    kind: 'ignored',
    text: `/${IMAGE_SPEC} offers feature ${feature}, which this server does not use`,
  }));
  const values = templates.length === 0 ? {} : allValues(root, options);
  const filled = new Set<string>();
  for (const template of templates) {
    const path = placeOfTemplate(root, template);
    if (path === undefined) {
      notes.push(warning(`${notThere(template)}: add it, or take it out of "templates"`));
      continue;
    }
    if (filled.has(path)) continue;
    filled.add(path);
    const original = (await options.files.textOf(path)) ?? '';
    const rendered = render(original, values);
    replace(root, path, Buffer.from(rendered.text, 'latin1'));
    for (const name of rendered.unknown) notes.push(unknownVariable(template, name, values));
  }
  return { filled: filled.size, notes };
}

function allValues(
  root: Folder,
  { values, digest }: FillOptions,
): Readonly<Record<string, string>> {
  return { ...values, ...imageValues({ digest, sizeKib: Math.ceil(sizeOf(root) / 1024) }) };
}

/** Undefined where there is no file, or none of a size that a template has. */
function placeOfTemplate(root: Folder, template: string): string | undefined {
  const found = find(root, Buffer.from(template).toString('latin1'));
  if (found.kind === 'refused') {
    throw new ImageError(`/${IMAGE_SPEC} names template '${template}': ${found.reason}`);
  }
  if (found.kind === 'missing' || found.node.kind !== 'file') return undefined;
  return found.node.size <= LONGEST ? found.path : undefined;
}

async function shortText(
  root: Folder,
  path: string,
  files: ImageFiles,
): Promise<string | undefined> {
  return placeOfTemplate(root, path) === undefined ? undefined : await files.textOf(path);
}

function replace(root: Folder, path: string, bytes: Uint8Array): void {
  const found = find(root, path);
  if (found.kind !== 'found' || found.node.kind !== 'file') return;
  const content = { kind: 'bytes', bytes } as const;
  putAt(root, path, { ...found.node, size: bytes.length, content });
}

function notThere(template: string): string {
  return `/${IMAGE_SPEC} names template ${template}, which is no file of at most 1 MiB`;
}

function unknownVariable(
  template: string,
  name: string,
  values: Readonly<Record<string, string>>,
): TemplateNote {
  const known = Object.keys(values).join(', ');
  return warning(
    `template ${template} asks for %(${name})s, which is not known and stays as it is (known: ${known})`,
  );
}

function warning(text: string): TemplateNote {
  return { kind: 'warning', text };
}
