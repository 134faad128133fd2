// The tables, as Kysely sees them. `migrations.ts` makes them. Times are microseconds since 1970, UTC.
import type { Generated } from 'kysely';

/** A device, by its MAC. */
export type DeviceRow = {
  /** `aa:bb:cc:dd:ee:ff` */
  mac: string;
  /** dotted IPv4; the device keeps it for good */
  ip: string;
  name: string;
  type: 'node' | 'unknown';
  /** what its boot loader announced, also while the device still waits for an image */
  model: string | null;
  /** name of the image it boots; null for a device that is no node */
  image: string | null;
  /** key of the folder of that image when the node last started to boot: what it runs from until it boots again */
  root: string | null;
  first_seen: number;
  /** end of its lease; null for a node, which has its address for good */
  lease_until: number | null;
  /** when it gave its address back, if it did since its last lease */
  released_at: number | null;
  /** serial number of its board, where its firmware told it */
  serial: string | null;
  /** the name that it told of itself and was given when it was new */
  host_name: string | null;
  /** when it first got a file whole; null for a device that never got past DHCP */
  first_file: number | null;
  /** JSON object of strings; null where everything has its default */
  settings: string | null;
  /** JSON object, of a virtual machine of this server */
  machine: string | null;
  /** 1: it starts from its own disk */
  boots_local: 1 | null;
};

/** A name of an image, with what it stands for. */
export type ImageRow = {
  /** `owner/name:tag` */
  name: string;
  /** `sha256:…` of the manifest; the keys of its folders begin with it (images/content/folders/image-folders.ts) */
  digest: string;
  /** JSON object */
  labels: string;
  /** JSON array of the digests of the layers, lowest first */
  layers: string;
  /** comma-separated models of label `walt.node.models` */
  models: string;
  /** bytes on disk */
  size: number;
  created: number;
  /** when a node last had it; 0 where no node did */
  used: number;
};

/** A boot of a device, of which the last 20 are kept. */
export type BootRow = {
  id: Generated<number>;
  mac: string;
  started: number;
  state: string;
  /** number of boots since the device was last up, this one included; 0 of one that came up */
  attempt: number;
  /** as its loader announced it; null where that is not known, and of boots from the machine's own disk */
  model: string | null;
  /** key of the folder of the image that it boots; null as `model` is */
  image: string | null;
};

/** A step of a boot; goes with the boot. */
export type BootStageRow = {
  boot: number;
  at: number;
  stage: string;
  /** JSON object, its fields depend on the stage */
  detail: string;
};

/** What was done for a device that did not come up, and what is counted of its boots. */
export type HealingRow = {
  mac: string;
  /** JSON object */
  series: string;
  /** JSON object */
  counts: string;
};

/** A line of the log. */
export type LogRow = {
  id: Generated<number>;
  at: number;
  issuer: string;
  stream: string;
  line: string;
};

/** How many lines of a sender of a device are in the log, or were. */
export type LogSenderRow = {
  mac: string;
  /** a name that the device made up */
  sender: string;
  count: number;
  /** id of its last line: senders that were heard long ago are forgotten */
  last: number;
};

/** A moment of the log that a user gave a name. */
export type CheckpointRow = { user: string; name: string; at: number };

/** A device has another name: its lines up to an id are still to be moved to it. */
export type LogRenameRow = {
  id: Generated<number>;
  from_name: string;
  to_name: string;
  /** id of its last line with the earlier name */
  until: number;
};

/** About how many bytes of the log are lines of a stream. */
export type LogSizeRow = { stream: string; bytes: number };

/** Behind which port of a switch a device was seen last. */
export type PlaceRow = { mac: string; switch: string; port: number; seen_at: number };

/** A port of a switch: its name, and whether it is off on its way to on. */
export type PortRow = {
  switch: string;
  port: number;
  name: string | null;
  off_since: number | null;
};

/** A node that was switched off to save power. */
export type AsleepRow = { mac: string; since: number };

/** A machine between off and on. */
export type CyclingRow = { mac: string; since: number };

/** What boards of a model took at a switch; `watts` as JSON. */
export type LearntRow = {
  switch: string;
  model: string;
  watts: string;
  gap: number;
  boards: number;
};

/** Somebody who may use the API from other machines. */
export type UserRow = {
  name: string;
  role: string;
  password: string | null;
  created: number;
  /** 1: has no way in */
  disabled: number;
  /** of the provider that says who they are; both are null where this server does */
  issuer: string | null;
  subject: string | null;
};

/** A token of a user. */
export type TokenRow = {
  id: string;
  user: string;
  name: string;
  role: string;
  /** SHA-256, in hex */
  hash: string;
  created: number;
  expires: number;
  /** id of the token that it was made by */
  maker: string | null;
};

/** A browser in which a user has logged in. */
export type SessionRow = {
  /** SHA-256, in hex */
  hash: string;
  user: string;
  created: number;
  expires: number;
};
/** An event as followers are told of it; `data` as JSON. */
export type EventRow = { run: number; number: number; kind: string; data: string };

/** The one row of the journal of devices (`device-journal/`). */
export type DeviceJournalRow = {
  /** of this database: a journal of another one says nothing */
  id: number;
  /** number of the last record that the database has */
  applied: number;
};

/** Each table with the form of its rows. */
export type Tables = {
  devices: DeviceRow;
  images: ImageRow;
  boots: BootRow;
  boot_stages: BootStageRow;
  healing: HealingRow;
  logs: LogRow;
  log_senders: LogSenderRow;
  checkpoints: CheckpointRow;
  log_renames: LogRenameRow;
  log_sizes: LogSizeRow;
  places: PlaceRow;
  ports: PortRow;
  asleep: AsleepRow;
  cycling: CyclingRow;
  power_learnt: LearntRow;
  users: UserRow;
  tokens: TokenRow;
  sessions: SessionRow;
  events: EventRow;
  device_journal: DeviceJournalRow;
};
