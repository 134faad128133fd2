// What a check is, and what it is told.
import type { CertificateEnds } from '../access/certificate-ends.ts';
import type { Accelerator } from '../machines/kept/qemu/accelerator.ts';
import type { MediaShelf } from '../media/media-shelf.ts';
import type { Offers } from './probes/dhcp-offers.ts';

/** How a check ended. A `warning` is something to know that keeps no node from booting. */
export type Finding =
  | { readonly status: 'ok' | 'skipped'; readonly detail: string }
  | {
      readonly status: 'warning' | 'failed';
      readonly detail: string;
      /** what follows from it, a sentence */
      readonly meaning: string;
      /** what to do, best a command */
      readonly mend: string;
    };

/** A place that images come from. */
export type ImagePlace = {
  readonly name: string;
  /** where it is a folder */
  readonly folder?: string;
  /** @throws {Error} that says why it cannot be reached */
  readonly reach: (signal: AbortSignal) => Promise<void>;
};

/** What is known of the server that is checked. */
export type Patient = {
  /** folder of its state */
  readonly state: string;
  /** of walt-net */
  readonly networkInterface: string;
  readonly address: string;
  readonly broadcast: string;
  readonly ports: { readonly tftp: number; readonly http: number; readonly bootup: number };
  readonly dhcpMode: 'server' | 'proxy';
  /** a MAC of its own, which no machine has and which becomes no device */
  readonly mac: string;
  /** a file that boot loaders get by TFTP; undefined where this installation has none */
  readonly bootFile: string | undefined;
  readonly places: readonly ImagePlace[];
  /** models of the machines that came */
  readonly models: () => readonly string[];
  /** whether there is an image for a model */
  readonly hasImage: (model: string) => boolean;
  readonly imageCount: () => number;
  readonly shelf: MediaShelf;
  /** finds out how virtual nodes run here */
  readonly accelerator: () => Promise<Accelerator>;
  /** of the API for other machines; undefined where none reaches it */
  readonly certificateEnds: () => CertificateEnds | undefined;
  /** the program that runs, where it is a bundle: beside it is noted what its media are made of */
  readonly program: string | undefined;
};

/** What all checks of one run share. */
export type CheckContext = Patient & { readonly offers: () => Promise<Offers> };

/** One check. */
export type Check = {
  /** one word, for programs */
  readonly name: string;
  /** it may take so many seconds, where that is more than usual */
  readonly seconds?: number;
  /** What it throws is how it failed. */
  readonly run: (context: CheckContext, signal: AbortSignal) => Promise<Finding>;
};
