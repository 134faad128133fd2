// Form of a setting: words for a program.
import { complaint, type Form, value } from '../setting.ts';

const MOST = 200;

/** Words with spaces between them; none of it is empty text. */
export const words: Form<readonly string[]> = {
  text: `words with spaces between them, ${MOST} characters at most`,
  read: (written) => {
    if (written.length > MOST) return complaint(`expected ${MOST} characters at most`);
    if (!/^[\x20-\x7e]*$/.test(written)) {
      return complaint('expected letters, digits and signs of ASCII alone');
    }
    return value(written.split(' ').filter((word) => word !== ''));
  },
};
