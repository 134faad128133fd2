// The community of SNMP 1 and 2c: a word that is sent as it is.
import { complaint, type Form, value } from '../setting.ts';

export const community: Form<string> = {
  text: '1 to 64 printable characters without blanks',
  read: (text) =>
    /^[!-~]{1,64}$/.test(text)
      ? value(text)
      : complaint('expected 1 to 64 printable characters of ASCII without blanks'),
};
