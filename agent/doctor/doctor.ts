// Examines the server that it is part of. Who asks while it is at work gets the same answer.
import type { Patient } from './check.ts';
import { checks } from './checks.ts';
import { type Checked, runChecks } from './run-checks.ts';

/** One for a server. */
export class Doctor {
  readonly #patient: Patient;
  #running: Promise<Checked[]> | undefined;

  constructor(patient: Patient) {
    this.#patient = patient;
  }

  /** Runs all checks. It takes some seconds. */
  async examine(): Promise<Checked[]> {
    this.#running ??= runChecks(checks, this.#patient).finally(() => {
      this.#running = undefined;
    });
    return await this.#running;
  }
}
