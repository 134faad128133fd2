// Answers to the calls of calls/uploads.ts, and how other calls use what was sent.
import { dirname } from 'node:path';
import { RequestError } from '../../errors.ts';
import type { Uploads } from '../../images/uploads/uploads.ts';
import { OthersImageError } from '../../images/workshop/others-image.ts';
import type { Answers } from '../calls/call.ts';
import type { uploadCalls } from '../calls/uploads.ts';

/** Where what was sent is found. */
export type HeldParts = { readonly uploads: Pick<Uploads, 'hold'> };

/** What these answers need. */
export type UploadParts = {
  readonly uploads: Pick<Uploads, 'take' | 'hold'>;
  /** what who is no administrator may send: uploads that come or wait, and bytes of each */
  readonly ofUser: { readonly most: number; readonly bytes: number };
};

/** Answers to the calls of calls/uploads.ts. */
export function uploadAnswers({ uploads, ofUser }: UploadParts): Answers<typeof uploadCalls> {
  return {
    'uploads.create': async (asked, { user, role, signal, bytes }) => {
      if (bytes === undefined) throw new RequestError(400, 'Cannot take the upload: nothing came');
      if (role === 'admin') {
        return { upload: await uploads.take({ ...asked, user, signal, bytes }) };
      }
      if (asked.form === 'tar') {
        throw new RequestError(
          403,
          `Cannot take the upload: it takes role admin to send a folder, yours is ${role}. The archive of an image goes as a file`,
        );
      }
      const bounds = { most: ofUser.bytes, mostOfUser: ofUser.most };
      return { upload: await uploads.take({ ...asked, ...bounds, user, signal, bytes }) };
    },
  };
}

type Given = { readonly source: string | undefined; readonly upload: string | undefined };

/**
 * Uses a path of the server, or what was sent instead; that is gone afterwards, but where the caller is asked whether they mean it.
 * @throws {RequestError} unless one of both is given
 */
export async function withSource<Result>(
  { source, upload }: Given,
  { uploads, user }: HeldParts & { readonly user: string },
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  if (upload === undefined && source !== undefined) return await use(source);
  if (upload === undefined || source !== undefined) {
    const expected = 'expected a path of the server, or field upload';
    throw new RequestError(400, `Cannot do it: ${expected}`);
  }
  const held = uploads.hold(upload, user);
  let isKept = false;
  try {
    return await use(held.path);
  } catch (thrown) {
    isKept = thrown instanceof OthersImageError;
    throw withoutFolder(thrown, held.path);
  } finally {
    await held.release({ isKept });
  }
}

/** Who sent it knows the name of it alone. */
function withoutFolder(thrown: unknown, path: string): unknown {
  if (thrown instanceof Error) {
    thrown.message = thrown.message.replaceAll(`${dirname(path)}/`, '');
  }
  return thrown;
}
