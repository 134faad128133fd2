// NFS by nfs-ganesha, a program of its own: needs nothing from the kernel and shares a machine, one in each
// network namespace.
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../errors.ts';
import { writeWholeFile } from '../../host/files/whole-file.ts';
import { makePrivateFolder } from '../../host/folders/private-folder.ts';
import { watch } from '../../host/folders/watch.ts';
import { inTurn } from '../../host/queues/in-turn.ts';
import { oneAtATime } from '../../host/queues/one-at-a-time.ts';
import { checkExports, type NfsExport } from '../export.ts';
import { missingText, withImages } from '../present-images.ts';
import type { NfsServer, NfsServerOptions } from '../server.ts';
import { exportChanges } from './bus/change-exports.ts';
import { type Complaint, exportComplaints, hasRefused } from './complaints.ts';
import { ganeshaExports, type WitnessPlace, witnessOf } from './configuration/config.ts';
import { type ExportTable, planExports } from './configuration/export-table.ts';
import { readTable, writeTable } from './configuration/table-file.ts';
import { lastWords } from './last-words.ts';
import { GaneshaProcess } from './running/process.ts';

/** Ganesha's time to read its exports grows with the square of their number: 2 s for 2,000 on a small machine. */
function patienceFor({ entries }: ExportTable) {
  return { seconds: Math.ceil(10 + (entries.length / 500) ** 2) };
}

/** Each that goes takes some milliseconds; to read a table of 1,000 nodes takes as long as some hundred of them. What comes is told together. */
const MOST_REMOVED = 100;

/** Its log grows by some lines for each change. */
const LOOKS_A_TRIM = 30;

/** The NFS server of one state folder by nfs-ganesha. */
export class GaneshaServer implements NfsServer {
  readonly #options: NfsServerOptions;
  readonly #process: GaneshaProcess;
  readonly #tableFile: string;
  readonly #alone = inTurn();
  readonly #apply = oneAtATime((exports: readonly NfsExport[]) =>
    this.#alone(() => this.#replace(exports)),
  );
  #table: ExportTable | undefined;
  /** What ganesha has read, as far as that is certain. */
  #inForce: ExportTable | undefined;
  /** What lies where ganesha finds it. */
  #prepared: ExportTable | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(options: NfsServerOptions) {
    this.#options = options;
    this.#process = new GaneshaProcess(options);
    this.#tableFile = join(options.folder, 'exports.json');
  }

  async start(): Promise<void> {
    await makePrivateFolder(this.#options.folder);
    await this.#alone(async () => {
      const known = await readTable(this.#tableFile);
      const table = { ...known, entries: (await withImages(known.entries)).present };
      await this.#note(table);
      const isNew = await this.#process.start(imagesOf(table), () => this.#writeExports());
      if (isNew) await this.#waitForTable();
      await this.#serve(table);
    });
    const warning = await this.#process.warning();
    if (warning !== undefined) this.#options.onProblem(warning);
    let looks = 0;
    this.#stopWatching = watch({
      what: 'the NFS server',
      problem: () =>
        this.#alone(async () => {
          if (looks % LOOKS_A_TRIM === 0) await this.#process.log.trim();
          looks += 1;
          return this.#process.problem();
        }),
      mend: () => this.#alone(() => this.#revive()),
      onProblem: this.#options.onProblem,
    });
  }

  /** Exports these from now on, and nothing else. @throws {WaltError} if the service does not take them */
  async apply(exports: readonly NfsExport[]): Promise<void> {
    checkExports(exports);
    await this.#apply(exports);
  }

  detach(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#process.detach();
  }

  async stop(): Promise<void> {
    this.detach();
    await this.#alone(() => this.#process.stop());
  }

  async #replace(exports: readonly NfsExport[]): Promise<void> {
    const { present, missing } = await withImages(exports);
    const problems = missingText(missing);
    const steps = planExports(this.#served(), present);
    if (!(await this.#tell(steps.at(-1)))) {
      for (const table of steps) problems.push(...(await this.#serve(table)));
    }
    if (problems.length > 0) throw new WaltError(problems.join('\n'));
  }

  #served(): ExportTable {
    if (this.#table) return this.#table;
    throw new WaltError('Cannot apply NFS exports: the NFS server is not started');
  }

  /** Tells ganesha of what is another, where that is little. @returns false where it has to read the whole table */
  async #tell(table: ExportTable | undefined): Promise<boolean> {
    const before = this.#inForce;
    if (table === undefined || before === undefined) return false;
    const { removed, added } = exportChanges(before, table);
    if (removed.length + added.length === 0) return true;
    if (removed.length > MOST_REMOVED) return false;
    const witness = witnessOf(table.entries, this.#place);
    // The file of all exports is for whoever reads it next: a new ganesha, or one that is told to.
    await this.#note(table);
    this.#inForce = undefined;
    const hasChanged = await this.#process.change(
      // Who finds a witness knows that all others are there: it is the first to go, and the last to come.
      { removed: [witness.id, ...removed], added: [...added, witness] },
      imagesOf(table),
    );
    if (!hasChanged || !(await this.#process.serves(witness.path))) return false;
    this.#inForce = table;
    return true;
  }

  /** Serves the table; if ganesha refuses a part of it, the rest. Returns what it refused. */
  async #serve(table: ExportTable): Promise<string[]> {
    const refused = await this.#tryToServe(table);
    if (refused.length === 0) return [];
    const lost = new Set(refused.map(({ entry }) => entry));
    const rest = table.entries.filter((entry) => !lost.has(entry));
    // A ganesha that refused an export may never read its exports again, so it starts anew.
    await this.#prepare({ ...table, entries: rest });
    await this.#revive();
    return refused.map(refusal);
  }

  async #tryToServe(table: ExportTable): Promise<readonly Complaint[]> {
    const { path } = witnessOf(table.entries, this.#place);
    const isServed = await this.#process.serves(path);
    const start = await this.#process.log.size();
    // The file of all exports is a long text, for whoever reads it next.
    if (isServed) await this.#note(table);
    else await this.#prepare(table);
    this.#inForce = isServed ? table : undefined;
    if (isServed) return [];
    const isRead = await this.#process.reload(path, {
      ...patienceFor(table),
      images: imagesOf(table),
    });
    if (!isRead) await this.#revive();
    const complaints = await this.#complaintsSince(start, table);
    if (complaints.length === 0) this.#inForce = table;
    return complaints;
  }

  /** Ganesha says why it refuses an export at once, but some versions which one only after it has read them all. */
  async #complaintsSince(start: number, { entries }: ExportTable): Promise<readonly Complaint[]> {
    const { exportsFile } = this.#process;
    for (let tries = 0; tries < 40; tries += 1) {
      const log = await this.#process.log.since(start);
      const complaints = exportComplaints(log, { exportsFile, entries });
      if (complaints.length > 0 || !/ :(CRIT|MAJ) :/.test(log)) return complaints;
      await sleep(50);
    }
    const log = await this.#process.log.since(start);
    if (!hasRefused(log)) return [];
    throw new WaltError(
      `Cannot serve all NFS exports: nfs-ganesha refused some of ${exportsFile}: ${lastWords(log)}`,
    );
  }

  /** Puts the table where ganesha will find it. */
  async #prepare(table: ExportTable): Promise<void> {
    if (this.#prepared === table) return;
    await this.#note(table);
    await this.#writeExports();
    this.#prepared = table;
  }

  /** The numbers go first: they must not be given away again. */
  async #note(table: ExportTable): Promise<void> {
    this.#table = table;
    this.#prepared = undefined;
    await writeTable(this.#tableFile, table);
  }

  /** What a loss of power takes of this file, the next start writes anew. */
  async #writeExports(): Promise<void> {
    const text = ganeshaExports(this.#served().entries, this.#place);
    await writeWholeFile(this.#process.exportsFile, text, { isLasting: false });
  }

  /** A new ganesha with the exports of today. */
  async #revive(): Promise<void> {
    await this.#writeExports();
    await this.#process.restart(imagesOf(this.#served()));
    await this.#waitForTable();
  }

  async #waitForTable(): Promise<void> {
    const table = this.#served();
    const patience = patienceFor(table);
    const { path } = witnessOf(table.entries, this.#place);
    if (await this.#process.waitUntilServed(path, patience)) {
      this.#inForce = table;
      return;
    }
    throw new WaltError(
      `Cannot serve NFS: nfs-ganesha did not serve its exports within ${patience.seconds} s. ` +
        `It said: ${await this.#process.lastWords()}`,
    );
  }

  /** Where the witness of each table is. */
  get #place(): WitnessPlace {
    const { address } = this.#options.subnet;
    return { address, folder: this.#process.witnessFolder };
  }
}

/** Where the file systems of the exports are mounted. */
function imagesOf({ entries }: ExportTable): string[] {
  return entries.map(({ imagePath, uid }) => (uid === undefined ? imagePath : dirname(imagePath)));
}

function refusal({ entry, reason }: Complaint): string {
  return `Cannot export ${entry.imagePath} to ${entry.client}: nfs-ganesha says ${reason}`;
}
