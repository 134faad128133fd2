// Form of a setting: yes or no, written as programs write it.
import { complaint, type Form, value } from '../setting.ts';

/** `true` or `false`. */
export const yesOrNo: Form<boolean> = {
  text: 'true or false',
  read: (written) =>
    written === 'true' || written === 'false'
      ? value(written === 'true')
      : complaint('expected true or false'),
};
