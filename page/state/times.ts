// Moments and lengths of time, as people read them. All are microseconds.

const SECOND = 1_000_000;

/** `8.2 s`, `3 min 05 s`, `2 h 04 min`. */
export function durationText(length: number): string {
  const seconds = length / SECOND;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  if (hours === 0) return `${minutes} min ${two(whole % 60)} s`;
  if (hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** `14:03:07`, and the date before it where that is another day. */
export function momentText(at: number, now = Date.now() * 1000): string {
  const [date, today] = [new Date(at / 1000), new Date(now / 1000)];
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return date.toDateString() === today.toDateString() ? time : `${dayText(at)} ${time}`;
}

/** `2026-11-26`. */
export function dayText(at: number): string {
  const date = new Date(at / 1000);
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
