// Times as people read them. The server counts microseconds since 1970, UTC; people see their own time zone.

/** `10:45:49.188989` */
export function timeOfDay(at: number): string {
  const date = new Date(Math.floor(at / 1000));
  const micros = String(((at % 1_000_000) + 1_000_000) % 1_000_000).padStart(6, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${micros}`;
}

/** `2026-11-22 10:45:49` */
export function dateAndTime(at: number): string {
  const date = new Date(Math.floor(at / 1000));
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The parts of a time, by their letters of strftime(3); `f` is microseconds. */
export function timeParts(
  at: number,
): Readonly<Record<'Y' | 'm' | 'd' | 'H' | 'M' | 'S' | 'f', string>> {
  const [date = '', time = ''] = dateAndTime(at).split(' ');
  const [Y = '', m = '', d = ''] = date.split('-');
  const [H = '', M = '', S = ''] = time.split(':');
  return { Y, m, d, H, M, S, f: timeOfDay(at).split('.')[1] ?? '' };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
