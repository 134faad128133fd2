// What iPXE says by syslog (its console of that name): each packet is a line of its screen, `<number>ipxe: text`, newer ones with the
// name of the machine before that.

const LINE = /^<\d{1,3}>(?:[A-Za-z0-9._-]{1,255} )?ipxe: /;

/** The line; undefined where it is no such message. */
export function ipxeLine(message: string): string | undefined {
  const [head] = LINE.exec(message) ?? [];
  return head === undefined ? undefined : message.slice(head.length);
}
