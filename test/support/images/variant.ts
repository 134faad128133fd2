// An image like another one, but for some files.
import { cp, writeFile } from 'node:fs/promises';
import { succeed } from '../../../lab/programs/run-program.ts';

/**
 * @param from path of an OCI layout, with the image `image`
 * @param files content by path below the root of the image; programs where the content begins with `#!`
 * @returns path of its layout, beside the first one
 */
export async function variantOf(
  from: string,
  name: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const layout = `${from}-${name}`;
  await cp(from, layout, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = `${layout}.file`;
    const isProgram = typeof content === 'string' && content.startsWith('#!/');
    await writeFile(file, content);
    await succeed(['chmod', isProgram ? '755' : '644', file]);
    await succeed(['umoci', 'insert', '--image', `${layout}:image`, file, `/${path}`]);
  }
  return layout;
}
