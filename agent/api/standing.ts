// Whether whoever listens to a long answer still may: while it runs a token is revoked or expires, a session ends, a role is taken away.

/** Milliseconds between two looks. */
export const LOOK_MS = 5000;

type Options = {
  /** milliseconds between two looks */
  readonly ms: number;
  /** ends the looking */
  readonly signal: AbortSignal;
  /** the role that the caller has now. @throws if they have none, or too little of one */
  readonly roleNow: () => string;
  readonly onLost: () => void;
};

/** Calls `onLost` once, where the caller may not go on as what they were when they began. */
export function watchStanding(role: string, { ms, signal, roleNow, onLost }: Options): void {
  const timer = setInterval(() => {
    if (isStill(role, roleNow)) return;
    clearInterval(timer);
    onLost();
  }, ms).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

function isStill(role: string, roleNow: () => string): boolean {
  try {
    return roleNow() === role;
  } catch {
    return false;
  }
}
