// How far an image is on its way, told in tenths; what takes no time is not told.
import type { Progress } from '../content/progress.ts';

const QUIET_MS = 500;
const STEP = 10;

/** @param total bytes @returns takes how many bytes are here */
export function reportArrival(total: number, progress: Progress): (bytes: number) => void {
  const began = performance.now();
  let told = 0;
  return (bytes) => {
    const share = total === 0 ? 0 : Math.min(100, Math.floor((bytes / total) * 100));
    if (share < told + STEP || performance.now() - began < QUIET_MS) return;
    told = share - (share % STEP);
    progress(`fetched ${told} % of ${Math.ceil(total / 1e6)} MB`);
  };
}
