// Says what a long build is doing: a line a stage with the seconds since its start and, on a terminal, a live line
// below it with the last thing that the running program said.

/** Where a build reports to. */
export type Progress = {
  stage(text: string): void;
  /** Output of a running program, in pieces as they come. */
  live(output: string): void;
};

/** Progress on a stream such as standard error; `name` heads every line. */
export function createProgress(name: string, stream: NodeJS.WriteStream): Progress {
  const start = performance.now();
  const clear = () => {
    if (stream.isTTY) stream.write('\r\x1b[K');
  };
  const head = () =>
    `[${String(Math.round((performance.now() - start) / 1000)).padStart(4)} s] ${name}`;
  return {
    stage(text) {
      clear();
      stream.write(`${head()}: ${text}\n`);
    },
    live(output) {
      const line = output
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1);
      if (!stream.isTTY || !line) return;
      clear();
      stream.write(`${head()}:   ${line}`.slice(0, (stream.columns ?? 80) - 1));
    },
  };
}
