// What a kernel says by netconsole (UDP 12342): plain lines, or with the head of extended netconsole before the text,
// `<level>,<sequence>,<microseconds>,<flags>[,…];` (Linux, Documentation/networking/netconsole.rst).

const EXTENDED = /^\d{1,3},\d{1,20},\d{1,20},[^;,\n]{1,20}(?:,[^;\n]{0,200})?;/;

/** The line without the head that extended netconsole puts before it. */
export function netconsoleLine(line: string): string {
  return line.replace(EXTENDED, '');
}
