// Messages of syslog over UDP: `<number>text`, where the number is facility and severity (RFC 5424 §6.2.1, RFC 3164 §4.1.1).

/** RFC 5424 §6.2.1, tables 1 and 2, in the words of syslog(3). */
const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ');
const HEAD = /^<(\d{1,3})>/;

/** `daemon.err text`, or the text as it is, where it says nothing of the kind. */
export function syslogLine(line: string): string {
  const [head = '', number] = HEAD.exec(line) ?? [];
  const facility = FACILITIES[Math.floor(Number(number) / 8)];
  if (number === undefined || facility === undefined) return line;
  return `${facility}.${SEVERITIES[Number(number) % 8]} ${line.slice(head.length)}`;
}
