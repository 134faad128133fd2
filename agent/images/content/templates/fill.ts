// Fills the templates of an image that is being made ready: the files that its /etc/walt/image.spec names.
import { chmod, chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import { runProgram } from '../../../host/program.ts';
import { resolveInside } from '../files/inside.ts';
import { IMAGE_SPEC, parseImageSpec } from './image-spec.ts';
import { render } from './render.ts';
import { imageValues, type ServerValues } from './values.ts';

export type TemplateNote =
  /** the image boots, but perhaps not as it should */
  | { readonly kind: 'warning'; readonly text: string }
  /** asked for, and not done */
  | { readonly kind: 'ignored'; readonly text: string };

/** Path below the root of the image → its bytes before anything was filled in, in base64. */
export type Originals = Readonly<Record<string, string>>;

type FillOptions = {
  readonly digest: string;
  readonly values: ServerValues;
  /** of an earlier filling: what `rootfs` has in their place is filled already */
  readonly originals: Originals;
};

export type Filling = { readonly originals: Originals; readonly notes: readonly TemplateNote[] };

const LONGEST = 2 ** 20;

/**
 * Files may be shared with other images: each is written anew and renamed into place, with mode and owner as before.
 * @throws {ImageError} if a template leads out of the image
 */
export async function fillTemplates(rootfs: string, options: FillOptions): Promise<Filling> {
  const text = await shortText(rootfs, IMAGE_SPEC);
  if (text === undefined) return { originals: {}, notes: [] };
  const parsed = parseImageSpec(text);
  if (parsed.kind === 'wrong') {
    return { originals: {}, notes: [warning(`/${IMAGE_SPEC} is passed over: ${parsed.reason}`)] };
  }
  const { templates, features } = parsed.spec;
  const notes: TemplateNote[] = features.map((feature) => ({
    kind: 'ignored',
    text: `/${IMAGE_SPEC} offers feature ${feature}, which this server does not use`,
  }));
  const originals: Record<string, string> = {};
  const values = templates.length === 0 ? {} : await allValues(rootfs, options);
  for (const template of templates) {
    const path = await placeOf(rootfs, template);
    if (path === undefined) {
      notes.push(warning(`${notThere(template)}: add it, or take it out of "templates"`));
      continue;
    }
    const relative = path.slice(rootfs.length + 1);
    if (Object.hasOwn(originals, relative)) continue;
    const original = options.originals[relative] ?? (await readFile(path)).toString('base64');
    originals[relative] = original;
    const filled = render(Buffer.from(original, 'base64').toString('latin1'), values);
    await replace(path, Buffer.from(filled.text, 'latin1'));
    for (const name of filled.unknown) notes.push(unknownVariable(template, name, values));
  }
  return { originals, notes };
}

/** Takes back what was filled in. @param rootfs as it was then */
export async function restoreTemplates(rootfs: string, originals: Originals): Promise<void> {
  for (const [path, original] of Object.entries(originals)) {
    await replace(join(rootfs, path), Buffer.from(original, 'base64'));
  }
}

async function allValues(
  rootfs: string,
  { values, digest }: FillOptions,
): Promise<Readonly<Record<string, string>>> {
  const [kib = '0'] = (await runProgram('du', ['-sk', rootfs])).split('\t');
  return { ...values, ...imageValues({ digest, sizeKib: Number(kib) }) };
}

/** Undefined where there is no file, or none of a size that a template has. */
async function placeOf(rootfs: string, template: string): Promise<string | undefined> {
  const found = await resolveInside(rootfs, template);
  if (found.kind === 'refused') {
    throw new ImageError(`/${IMAGE_SPEC} names template '${template}': ${found.reason}`);
  }
  return found.kind === 'file' && found.size <= LONGEST ? found.path : undefined;
}

async function shortText(rootfs: string, path: string): Promise<string | undefined> {
  const place = await placeOf(rootfs, path);
  return place === undefined ? undefined : await readFile(place, 'utf8');
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const { mode, uid, gid } = await stat(path);
  const fresh = `${path}.walt-filled`;
  await rm(fresh, { force: true, recursive: true });
  await writeFile(fresh, bytes, { flag: 'wx' });
  await chown(fresh, uid, gid);
  await chmod(fresh, mode & 0o7777);
  await rename(fresh, path);
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
