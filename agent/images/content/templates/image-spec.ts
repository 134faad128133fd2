// What an image says of itself in /etc/walt/image.spec: JSON with # comments, read as the YAML that this is.
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../../../errors.ts';

/** What the server heeds of an image.spec. */
export type ImageSpec = {
  /** absolute paths of files of the image */
  readonly templates: readonly string[];
  /** names of what it could do if the server could too */
  readonly features: readonly string[];
};

/** An image.spec, or why it is none. */
export type ParsedSpec =
  | { readonly kind: 'spec'; readonly spec: ImageSpec }
  | { readonly kind: 'wrong'; readonly reason: string };

const schema = z
  .looseObject({
    templates: z
      .array(z.string().startsWith('/', 'expected an absolute path of the image'))
      .nullish(),
    features: z.record(z.string(), z.unknown()).nullish(),
  })
  .nullable();

/** @param text of the file */
export function parseImageSpec(text: string): ParsedSpec {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    return wrong(error.message.split('\n')[0]?.replace(/:$/, '') ?? '');
  }
  try {
    return specOf(document.toJS());
  } catch (thrown) {
    // An alias without an anchor, or aliases that multiply each other.
    return wrong(messageOf(thrown));
  }
}

function specOf(data: unknown): ParsedSpec {
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    return wrong([where, issue?.message ?? ''].filter((part) => part !== '').join(': '));
  }
  const templates = [...new Set(parsed.data?.templates ?? [])];
  return { kind: 'spec', spec: { templates, features: Object.keys(parsed.data?.features ?? {}) } };
}

function wrong(reason: string): ParsedSpec {
  return { kind: 'wrong', reason };
}
