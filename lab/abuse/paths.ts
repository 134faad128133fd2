// Names of files that must lead nowhere, for HTTP and TFTP alike.
const SECRET = 'etc/shadow';

/** Ways out of the folder of boot files, and names with control characters. */
export const HOSTILE_PATHS: readonly string[] = [
  ...['../', '../../../../', './../../', '..//..//', '....//....//', '/../../'].map(
    (way) => `${way}${SECRET}`,
  ),
  ...['..\\..\\etc\\shadow', '/etc/shadow', '//etc/shadow', 'kernel/../../../etc/shadow'],
  ...['..%2f..%2f..%2fetc%2fshadow', '%2e%2e/%2e%2e/etc/shadow', '..%252f..%252fetc/shadow'],
  ...['..%c0%af..%c0%afetc/shadow', '%00', 'kernel%00.txt', '~root/.ssh/id_rsa', '.', '..', '/'],
  ...['kernel\r\nX: y', 'kernel\u001b]0;owned\u0007', '\u001b[2J\u001b[H', 'a\nb', '\u0085\u2028'],
  ...['fs/etc/shadow', 'proc/self/environ', '../state/walt.db', '../walt.sock', 'x'.repeat(4000)],
];
