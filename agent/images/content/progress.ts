/** Takes what is being done right now, one short step in words, for whoever waits. */
export type Progress = (step: string) => void;
