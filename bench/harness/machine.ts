/** The machine that a measurement was made on, in one line: figures mean nothing without it. */
import { cpus, loadavg, release, totalmem } from 'node:os';

export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((value) => value.toFixed(1));
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, Linux ${release()}, Node ${process.version}, load ${load.join(' ')}`;
}
