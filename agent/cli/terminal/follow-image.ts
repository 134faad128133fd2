// Shows how far work on an image is, and gives what it resulted in.
import type { ImageLine, ImageView } from '../../api/calls/lines/image-line.ts';
import { type Args, type Io, JSON_RESULT_OPTION } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';

/** Nothing was done, since an image of another user would have been replaced. */
export class OthersImage extends CommandError {
  /** @param name `owner/name:tag` */
  constructor(name: string) {
    super(`Image ${name} belongs to another user and will be replaced.`);
  }
}

/**
 * @param lines of the answer to the call that works on the image
 * @throws {CommandError} with what the server says, if the work failed
 */
export async function followImage(
  lines: AsyncIterable<ImageLine>,
  { live }: Pick<Io, 'live'>,
): Promise<ImageView> {
  try {
    for await (const line of lines) {
      if (line.kind === 'step') live.show(stepText(line.text));
      if (line.kind === 'failed') throw new CommandError(line.error);
      if (line.kind === 'others-image') throw new OthersImage(line.name);
      if (line.kind === 'done') return line.image;
    }
  } finally {
    live.clear();
  }
  throw new CommandError(
    'The server ended without saying whether the work is done. See walt image show.',
  );
}

const BAR = 20;

/** A step that says how much of it is done gets a bar. */
export function stepText(text: string): string {
  const [, percent] = /\b(\d{1,3}) %/.exec(text) ?? [];
  if (percent === undefined) return `${text}…`;
  const full = Math.min(BAR, Math.round((Number(percent) / 100) * BAR));
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${text}`;
}

/** What a command that makes an image prints at its end. */
export function imageText({ name, models, size }: ImageView): string {
  return `Image ${name} is ready for ${models.join(', ')} (${Math.round(size / 1_000_000)} MB).`;
}

/** As `imageText`, or JSON if that was asked for. */
export function imageResult(image: ImageView, flags: Args['flags']): string {
  return flags.has(JSON_RESULT_OPTION.name) ? JSON.stringify(image, null, 2) : imageText(image);
}
