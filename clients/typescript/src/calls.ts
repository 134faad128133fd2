// All calls of the API. Made from docs/openapi.json by scripts/docs.ts: change the calls there.

/** An object with nothing in it. */
export type Empty = Readonly<Record<never, never>>;

/** What each call takes, and what it answers with: one value, each line, the data of each event, or what a WebSocket says. */
export type Calls = {
  /** The version of the server. Role viewer. */
  'server.version': { kind: 'value'; asked: Empty; reply: { readonly version: string } };
  /** All calls of the API, as OpenAPI 3.1. Role viewer. */
  'server.describe': { kind: 'value'; asked: Empty; reply: Readonly<Record<string, unknown>> };
  /** Numbers for Prometheus (docs/metrics.md). Role viewer. */
  'server.metrics': { kind: 'text'; asked: Empty; reply: string };
  /** Checks the server as an operator would, which takes some seconds. Role viewer. */
  'server.examine': { kind: 'value'; asked: Empty; reply: { readonly checks: readonly ({ readonly name: string; readonly status: "ok" | "skipped" | "warning" | "failed"; readonly detail: string; readonly meaning?: string; readonly mend?: string })[] } };
  /** The server, the nodes and the devices that are no nodes (yet). Role viewer. */
  'devices.list': { kind: 'value'; asked: Empty; reply: { readonly devices: readonly ({ readonly name: string; readonly ip: string; readonly mac: string; readonly type: "node" | "switch" | "unknown" | "server"; readonly netsetup: "LAN" | "NAT" | null; readonly virtual: boolean; readonly bootsLocal: boolean; readonly model: string | null; readonly serial: string | null; readonly note: string | null })[] } };
  /** Gives a device another name. The reply is the device. Role user. */
  'devices.rename': { kind: 'value'; asked: ({ readonly device: string }) & ({ readonly name: string; readonly takesOthers?: boolean }); reply: { readonly name: string; readonly ip: string; readonly mac: string; readonly type: "node" | "switch" | "unknown" | "server"; readonly netsetup: "LAN" | "NAT" | null; readonly virtual: boolean; readonly bootsLocal: boolean; readonly model: string | null; readonly serial: string | null; readonly note: string | null } };
  /** Forgets a device with its boots. If it comes back, it is a new one. The reply is the device as it was. Role user. */
  'devices.forget': { kind: 'value'; asked: ({ readonly device: string }) & ({ readonly force?: boolean; readonly removesKept?: boolean; readonly takesOthers?: boolean }); reply: { readonly name: string; readonly ip: string; readonly mac: string; readonly type: "node" | "switch" | "unknown" | "server"; readonly netsetup: "LAN" | "NAT" | null; readonly virtual: boolean; readonly bootsLocal: boolean; readonly model: string | null; readonly serial: string | null; readonly note: string | null } };
  /** Whose files a device keeps on the server (setting mount.persist), which outlast its setting. Role viewer. */
  'devices.kept': { kind: 'value'; asked: ({ readonly device: string }); reply: { readonly owners: readonly (string)[] } };
  /** Asks a device by ping(8) on the server whether it is there. Status 1 says that nothing came back. Role user. */
  'devices.ping': { kind: 'lines'; asked: ({ readonly device: string }) & ({ readonly count?: number }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Opens a shell on a device that is no node, by ssh(1) on the server with the server's key or a password that is typed. Role operator. */
  'devices.shell': { kind: 'lines'; asked: ({ readonly device: string }) & ({ readonly account?: string; readonly terminal?: { readonly columns: number; readonly rows: number; readonly type: string } }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** All nodes. Role viewer. */
  'nodes.list': { kind: 'value'; asked: Empty; reply: { readonly nodes: readonly ({ readonly name: string; readonly type: "physical" | "virtual"; readonly model: string; readonly image: string; readonly owner: string; readonly ip: string; readonly mac: string; readonly netsetup: "LAN" | "NAT"; readonly bootsLocal: boolean; readonly poweredOff: boolean; readonly booted: boolean; readonly state: "never-booted" | "dhcp" | "files" | "stalled" | "mounted" | "booted" | "unconfirmed" | "down" | "local" | "asleep"; readonly since: number | null })[] } };
  /** Makes a virtual node, which is the caller's, and powers it on. It boots as a PC does. Role user. */
  'nodes.create': { kind: 'value'; asked: ({ readonly name: string; readonly settings?: Readonly<Record<string, string>> }); reply: { readonly name: string; readonly ip: string; readonly mac: string; readonly image: string | null; readonly note: string | null } };
  /** One node, and the stages of its last boot. Role viewer. */
  'nodes.show': { kind: 'value'; asked: ({ readonly node: string }); reply: { readonly node: { readonly name: string; readonly type: "physical" | "virtual"; readonly model: string; readonly image: string; readonly owner: string; readonly ip: string; readonly mac: string; readonly netsetup: "LAN" | "NAT"; readonly bootsLocal: boolean; readonly poweredOff: boolean; readonly booted: boolean; readonly state: "never-booted" | "dhcp" | "files" | "stalled" | "mounted" | "booted" | "unconfirmed" | "down" | "local" | "asleep"; readonly since: number | null }; readonly stages: readonly ({ readonly at: number; readonly stage: string } & Readonly<Record<string, unknown>>)[]; readonly failures: string | null; readonly secureBoot: string | null; readonly boots: readonly ({ readonly started: number; readonly result: "booted" | "failed" | "under-way"; readonly took: number | null; readonly retries: number; readonly image: string | null; readonly reason: string | null; readonly advice: string | null })[]; readonly expected: readonly ({ readonly leg: string; readonly median: number; readonly limit: number; readonly count: number })[]; readonly legs: readonly ({ readonly leg: string; readonly took: number; readonly help: string })[]; readonly quarantine: string | null; readonly kexecFailed: number | null; readonly machine: { readonly isOn: boolean; readonly accelerator: "kvm" | "tcg" | null; readonly isOutdated: boolean; readonly trouble: string | null } | null } };
  /** How reliably the nodes boot, counted since they are known. Role viewer. */
  'nodes.reliability': { kind: 'value'; asked: Empty; reply: { readonly nodes: readonly ({ readonly name: string; readonly boots: number; readonly failures: readonly ({ readonly kind: string; readonly count: number })[]; readonly longest: number; readonly healed: number; readonly reliability: number | null })[] } };
  /** Removes a virtual node, with its disks. The reply says what it had. Role user. */
  'nodes.remove': { kind: 'value'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean }); reply: { readonly ip: string; readonly mac: string } };
  /** Gives a node another name. The reply is the node. Role user. */
  'nodes.rename': { kind: 'value'; asked: ({ readonly node: string }) & ({ readonly name: string; readonly takesOthers?: boolean }); reply: { readonly name: string; readonly type: "physical" | "virtual"; readonly model: string; readonly image: string; readonly owner: string; readonly ip: string; readonly mac: string; readonly netsetup: "LAN" | "NAT"; readonly bootsLocal: boolean; readonly poweredOff: boolean; readonly booted: boolean; readonly state: "never-booted" | "dhcp" | "files" | "stalled" | "mounted" | "booted" | "unconfirmed" | "down" | "local" | "asleep"; readonly since: number | null } };
  /** Asks the running system of nodes to reboot, or does it by their power. A line for each node as it is done. Role user. */
  'nodes.reboot': { kind: 'lines'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean; readonly hard?: boolean }); reply: { readonly kind: "node"; readonly name: string; readonly error: string | null } | { readonly kind: "done" } };
  /** Switches the power of nodes by their power drivers, or asks how it stands. A line for each node as it is done. Role user. */
  'nodes.power': { kind: 'lines'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean; readonly verb: "on" | "off" | "cycle" | "status" }); reply: { readonly kind: "node"; readonly name: string; readonly error: string | null; readonly state: "on" | "off" | "unknown" | null } | { readonly kind: "done" } };
  /** Answers when all are booted or the time is over. Nodes that sleep are woken, but not for a viewer. Role viewer. */
  'nodes.wait': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly timeoutSeconds: number }); reply: { readonly missing: readonly (string)[] } };
  /** Lets nodes boot an image of the caller's: they are the caller's then. Role user. */
  'nodes.boot': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean; readonly image: string }); reply: { readonly nodes: readonly ({ readonly name: string; readonly image: string; readonly isLocal: boolean; readonly wasLocal: boolean; readonly isSame: boolean; readonly isBooted: boolean })[] } };
  /** Lets nodes start from their own disks, until they are given an image. They keep the images that they have, and their owners. Role user. */
  'nodes.bootLocal': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean }); reply: { readonly nodes: readonly ({ readonly name: string; readonly image: string; readonly isLocal: boolean; readonly wasLocal: boolean; readonly isSame: boolean; readonly isBooted: boolean })[] } };
  /** Makes nodes the caller's: they boot the caller's clone of the default image of their model. Role user. */
  'nodes.acquire': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean }); reply: { readonly nodes: readonly ({ readonly name: string; readonly image: string; readonly isLocal: boolean; readonly wasLocal: boolean; readonly isSame: boolean; readonly isBooted: boolean })[] } };
  /** Gives nodes back: they boot the default image of their model and are free. Role user. */
  'nodes.release': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean; readonly wakes?: boolean }); reply: { readonly nodes: readonly ({ readonly name: string; readonly image: string; readonly isLocal: boolean; readonly wasLocal: boolean; readonly isSame: boolean; readonly isBooted: boolean })[] } };
  /** Opens a shell of root on a running node, by the server's key and the node's known host key. Role user. */
  'nodes.shell': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly terminal?: { readonly columns: number; readonly rows: number; readonly type: string } }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** The same by WebSocket: what the shell writes, and what is typed, in binary frames. Frames of text say `{"type":"size","columns":…,"rows":…}` of the terminal, and `{"type":"end"}` of the input of a shell without one. Role user. */
  'nodes.attachShell': { kind: 'frames'; asked: ({ readonly node: string; readonly takesOthers?: boolean; readonly terminal?: string; readonly columns?: number; readonly rows?: number }); reply: { readonly type: "output"; readonly isError: boolean } | { readonly type: "exit"; readonly status: number | null } | { readonly type: "error"; readonly error: string } };
  /** Copies a file or folder to a running node. It comes as a tar by `shells.type`, up to `isEnd`. Role user. */
  'nodes.copyIn': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly path: string; readonly name: string; readonly isFolder?: boolean }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Reads a file or folder of a running node. The output is a tar. Role user. */
  'nodes.copyOut': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly path: string }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Copies a file or folder of a running node to another one. Role user. */
  'nodes.copyBetween': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly path: string; readonly target: string; readonly targetPath: string; readonly isFolder?: boolean }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Makes an image of the caller's of the one that a running node has, and of what changed there since it booted. Role user. */
  'nodes.save': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly name: string; readonly force?: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Connects with a TCP port of a running node, as that itself reaches it. What goes there comes by `shells.type`. Role user. */
  'nodes.connect': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly port: number }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Lets a light of a running node blink, until the time is over or the request ends. Role user. */
  'nodes.blink': { kind: 'lines'; asked: ({ readonly node: string }) & ({ readonly takesOthers?: boolean; readonly seconds?: number }); reply: { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null } | { readonly kind: "failed"; readonly error: string } };
  /** Runs a command line on nodes. It ends everywhere when the request ends. Role user. */
  'nodes.run': { kind: 'lines'; asked: ({ readonly names: readonly (string)[]; readonly takesOthers?: boolean; readonly command: string; readonly parallel?: number; readonly timeoutSeconds?: number }); reply: { readonly kind: "output"; readonly node: string; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly node: string; readonly status: number | null; readonly error: string | null } | { readonly kind: "done" } | { readonly kind: "failed"; readonly error: string } };
  /** What the consoles of a device said, as it was recorded, and what they say until the request ends. Role user. */
  'consoles.open': { kind: 'lines'; asked: ({ readonly device: string; readonly takesOthers?: boolean; readonly wish?: "watch" | "write" | "take"; readonly history?: number; readonly after?: number; readonly follows?: boolean }); reply: { readonly kind: "open"; readonly id: string; readonly isWriter: boolean; readonly writer: string | null } | { readonly kind: "output"; readonly source: "server" | "serial" | "eeprom" | "ipxe" | "u-boot" | "kernel"; readonly at: number; readonly data: string; readonly next: number } | { readonly kind: "missed"; readonly bytes: number } | { readonly kind: "writer"; readonly writer: string | null; readonly isYou: boolean } };
  /** The same by WebSocket: bytes of the console, and keys for it, in binary frames. `{"type":"take"}` in a frame of text lets the sender type instead of whoever does. Role user. */
  'consoles.attach': { kind: 'frames'; asked: ({ readonly node: string; readonly takesOthers?: boolean; readonly wish?: "watch" | "write" | "take"; readonly history?: number; readonly after?: number }); reply: { readonly type: "writer"; readonly writer: string | null; readonly isYou: boolean } | { readonly type: "said"; readonly source: "server" | "serial" | "eeprom" | "ipxe" | "u-boot" | "kernel"; readonly at: number; readonly next: number } | { readonly type: "missed"; readonly bytes: number } | { readonly type: "error"; readonly error: string } };
  /** Gives keys to the console, of whoever may type there. Role user. */
  'consoles.type': { kind: 'value'; asked: ({ readonly id: string; readonly data: string }); reply: Empty };
  /** Ends the answer of `consoles.open`. Role user. */
  'consoles.leave': { kind: 'value'; asked: ({ readonly id: string }); reply: Empty };
  /** What can be set of devices. Role viewer. */
  'settings.list': { kind: 'value'; asked: Empty; reply: { readonly settings: readonly ({ readonly key: "ram" | "cpu.cores" | "disks" | "networks" | "boot.delay" | "firmware" | "netsetup" | "timezone" | "kexec.allow" | "mount.persist" | "swap" | "boot.timeout" | "boot.retries" | "boot.hardPerHour" | "boot.heal" | "journal" | "netconsole" | "power.driver" | "power.argument" | "type" | "snmp.version" | "snmp.community" | "lldp.explore" | "poe.reboots" | "console"; readonly help: string; readonly form: string; readonly default: string; readonly for: "devices" | "nodes" | "virtual-nodes" | "physical-nodes" | "other-devices" | "switches"; readonly effect: "at-once" | "next-boot" | "next-power-on"; readonly role: "viewer" | "user" | "operator" | "admin"; readonly offered: readonly (string)[] })[] } };
  /** The settings of nodes. What may open something is shown to role `operator` alone. Role viewer. */
  'nodes.settings': { kind: 'value'; asked: ({ readonly names: readonly (string)[] }); reply: { readonly devices: readonly ({ readonly name: string; readonly settings: readonly ({ readonly key: "ram" | "cpu.cores" | "disks" | "networks" | "boot.delay" | "firmware" | "netsetup" | "timezone" | "kexec.allow" | "mount.persist" | "swap" | "boot.timeout" | "boot.retries" | "boot.hardPerHour" | "boot.heal" | "journal" | "netconsole" | "power.driver" | "power.argument" | "type" | "snmp.version" | "snmp.community" | "lldp.explore" | "poe.reboots" | "console"; readonly value: string; readonly isDefault: boolean; readonly isHidden?: boolean; readonly help: string })[] })[] } };
  /** Changes settings of nodes: of all that are named, or of none. Those by which the server reaches hardware take role `operator`. Role user. */
  'nodes.config': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly settings: Readonly<Record<string, string>>; readonly takesOthers?: boolean; readonly losesData?: boolean }); reply: { readonly devices: readonly ({ readonly name: string; readonly isRunning: boolean; readonly changes: readonly ({ readonly key: "ram" | "cpu.cores" | "disks" | "networks" | "boot.delay" | "firmware" | "netsetup" | "timezone" | "kexec.allow" | "mount.persist" | "swap" | "boot.timeout" | "boot.retries" | "boot.hardPerHour" | "boot.heal" | "journal" | "netconsole" | "power.driver" | "power.argument" | "type" | "snmp.version" | "snmp.community" | "lldp.explore" | "poe.reboots" | "console"; readonly from: string; readonly to: string; readonly effect: "at-once" | "next-boot" | "next-power-on" })[] })[] } };
  /** The settings of devices. What may open something is shown to role `operator` alone. Role viewer. */
  'devices.settings': { kind: 'value'; asked: ({ readonly names: readonly (string)[] }); reply: { readonly devices: readonly ({ readonly name: string; readonly settings: readonly ({ readonly key: "ram" | "cpu.cores" | "disks" | "networks" | "boot.delay" | "firmware" | "netsetup" | "timezone" | "kexec.allow" | "mount.persist" | "swap" | "boot.timeout" | "boot.retries" | "boot.hardPerHour" | "boot.heal" | "journal" | "netconsole" | "power.driver" | "power.argument" | "type" | "snmp.version" | "snmp.community" | "lldp.explore" | "poe.reboots" | "console"; readonly value: string; readonly isDefault: boolean; readonly isHidden?: boolean; readonly help: string })[] })[] } };
  /** Changes settings of devices: of all that are named, or of none. Those by which the server reaches hardware take role `operator`. Role user. */
  'devices.config': { kind: 'value'; asked: ({ readonly names: readonly (string)[]; readonly settings: Readonly<Record<string, string>>; readonly takesOthers?: boolean; readonly losesData?: boolean }); reply: { readonly devices: readonly ({ readonly name: string; readonly isRunning: boolean; readonly changes: readonly ({ readonly key: "ram" | "cpu.cores" | "disks" | "networks" | "boot.delay" | "firmware" | "netsetup" | "timezone" | "kexec.allow" | "mount.persist" | "swap" | "boot.timeout" | "boot.retries" | "boot.hardPerHour" | "boot.heal" | "journal" | "netconsole" | "power.driver" | "power.argument" | "type" | "snmp.version" | "snmp.community" | "lldp.explore" | "poe.reboots" | "console"; readonly from: string; readonly to: string; readonly effect: "at-once" | "next-boot" | "next-power-on" })[] })[] } };
  /** Asks all switches what is behind their ports, at the same time. Answers when each has answered or been given up. Role user. */
  'devices.rescan': { kind: 'value'; asked: (Empty); reply: { readonly switches: readonly ({ readonly name: string; readonly error: string | null })[] } };
  /** What is behind which port of which switch, as far as is known. No switch is asked. Role viewer. */
  'devices.tree': { kind: 'value'; asked: Empty; reply: { readonly switches: readonly ({ readonly name: string; readonly above: { readonly switch: string; readonly port: string } | null; readonly error: string | null; readonly waiting: number; readonly learnt: readonly ({ readonly model: string; readonly watts: number | null; readonly gap: number; readonly boards: number })[]; readonly ports: readonly ({ readonly port: number; readonly name: string; readonly isNamed: boolean; readonly poe: boolean; readonly isLink: boolean; readonly devices: readonly (string)[] })[] })[]; readonly unplaced: readonly (string)[] } };
  /** The ports of a switch. It is asked where it has not been since the server started. Role viewer. */
  'devices.ports': { kind: 'value'; asked: ({ readonly device: string }); reply: { readonly name: string; readonly above: { readonly switch: string; readonly port: string } | null; readonly error: string | null; readonly waiting: number; readonly learnt: readonly ({ readonly model: string; readonly watts: number | null; readonly gap: number; readonly boards: number })[]; readonly ports: readonly ({ readonly port: number; readonly name: string; readonly isNamed: boolean; readonly poe: boolean; readonly isLink: boolean; readonly devices: readonly (string)[] })[] } };
  /** Gives a port of a switch a name. The reply is the switch. Role user. */
  'devices.namePort': { kind: 'value'; asked: ({ readonly device: string }) & ({ readonly port: string; readonly name: string }); reply: { readonly name: string; readonly above: { readonly switch: string; readonly port: string } | null; readonly error: string | null; readonly waiting: number; readonly learnt: readonly ({ readonly model: string; readonly watts: number | null; readonly gap: number; readonly boards: number })[]; readonly ports: readonly ({ readonly port: number; readonly name: string; readonly isNamed: boolean; readonly poe: boolean; readonly isLink: boolean; readonly devices: readonly (string)[] })[] } };
  /** Tells the server by what it proves to a device who it is. They are kept in a file that the server alone reads, and are never answered. Role operator. */
  'devices.credentials': { kind: 'value'; asked: ({ readonly device: string }) & ({ readonly user: string; readonly password: string; readonly privacy: string }); reply: { readonly isKnown: boolean } };
  /** All images of this server. Role viewer. */
  'images.list': { kind: 'value'; asked: Empty; reply: { readonly images: readonly ({ readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number })[] } };
  /** One image, who boots it, and what its nodes fetch in one piece. Role viewer. */
  'images.show': { kind: 'value'; asked: ({ readonly name: string }); reply: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number; readonly nodes: readonly (string)[]; readonly labels: Readonly<Record<string, string>>; readonly hotPacks: readonly ({ readonly model: string; readonly bytes: number; readonly files: number })[] } };
  /** Looks at the disk whether the content of all images is there, and mends what can be mended. Role user. */
  'images.refresh': { kind: 'value'; asked: (Empty); reply: { readonly problems: readonly (string)[] } };
  /** Looks for other content of the default images where images come from, and takes it. Nodes get it at their next boot. Role operator. */
  'images.updateDefaults': { kind: 'lines'; asked: ({ readonly dryRun?: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "image"; readonly name: string; readonly state: "current" | "found" | "updated" | "failed"; readonly from: string | null; readonly nodes: readonly (string)[]; readonly error: string | null } | { readonly kind: "done" } | { readonly kind: "failed"; readonly error: string } };
  /** What can be cloned: images of other users, of folders of archives and of registries. Role user. */
  'images.search': { kind: 'value'; asked: ({ readonly keyword?: string }); reply: { readonly images: readonly ({ readonly location: string; readonly name: string; readonly models: readonly (string)[] | null; readonly link: string })[]; readonly problems: readonly (string)[] } };
  /** Brings an image in: from the disk of the server, which takes role `admin`, or what was sent by `uploads.create`. Below role `admin` it becomes an image of the caller. Role user. */
  'images.import': { kind: 'lines'; asked: ({ readonly source?: string; readonly upload?: string; readonly name?: string; readonly force?: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Makes an image of the caller's from one of another user or a registry. Role user. */
  'images.clone': { kind: 'lines'; asked: ({ readonly source: string; readonly name?: string; readonly force?: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Sends an image of the caller's to a registry. Role user. */
  'images.publish': { kind: 'lines'; asked: ({ readonly name: string; readonly to?: string }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Gives an image of the caller's another name. The reply is the image. Role user. */
  'images.rename': { kind: 'value'; asked: ({ readonly name: string; readonly to: string }); reply: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } };
  /** Gives the content of an image of the caller's a second name. The reply is the new image. Role user. */
  'images.duplicate': { kind: 'value'; asked: ({ readonly name: string; readonly to: string }); reply: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } };
  /** Removes an image of the caller's that no node boots. Role user. */
  'images.remove': { kind: 'value'; asked: ({ readonly name: string }); reply: Empty };
  /** Frees the disk of what no image and no node needs. Role operator. */
  'images.gc': { kind: 'value'; asked: ({ readonly removeUnused?: boolean }); reply: { readonly folders: number; readonly blobs: number; readonly freed: number; readonly removed: readonly (string)[]; readonly unused: readonly ({ readonly name: string; readonly days: number; readonly size: number })[] } };
  /** Runs a shell in a container of an image of the caller's; the container stays until the request ends, or longer if something in it was changed and not saved. Role admin. */
  'images.shell': { kind: 'lines'; asked: ({ readonly name: string; readonly terminal?: { readonly columns: number; readonly rows: number; readonly type: string } }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Gives input to a shell whose request runs. Role user. */
  'shells.type': { kind: 'value'; asked: ({ readonly id: string; readonly data?: string; readonly isEnd?: boolean }); reply: Empty };
  /** Says how large the terminal of a shell is now. Role user. */
  'shells.resize': { kind: 'value'; asked: ({ readonly id: string; readonly columns: number; readonly rows: number }); reply: Empty };
  /** Makes an image of what a shell has left, while its request runs or the shell is kept. Role admin. */
  'images.save': { kind: 'lines'; asked: ({ readonly id: string; readonly name: string; readonly force: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Shells of the caller's whose changes were not saved, the oldest first. Role admin. */
  'images.keptShells': { kind: 'value'; asked: Empty; reply: { readonly shells: readonly ({ readonly id: string; readonly image: string; readonly since: number; readonly until: number })[] } };
  /** Opens a shell again that is kept, as `images.shell` does. Role admin. */
  'images.resumeShell': { kind: 'lines'; asked: ({ readonly id: string; readonly terminal?: { readonly columns: number; readonly rows: number; readonly type: string } }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Gives up a shell and what was changed in it. Role admin. */
  'images.dropShell': { kind: 'value'; asked: ({ readonly id: string }); reply: Empty };
  /** Makes one layer of all layers of an image of the caller's. Role user. */
  'images.squash': { kind: 'lines'; asked: ({ readonly name: string }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Makes an image of the caller's from a Dockerfile. Role admin. */
  'images.build': { kind: 'lines'; asked: ({ readonly context?: string; readonly upload?: string; readonly name: string; readonly force: boolean }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Copies a file or folder of the server into an image of the caller's. Role admin. */
  'images.copyIn': { kind: 'lines'; asked: ({ readonly source?: string; readonly upload?: string; readonly name: string; readonly path: string }); reply: { readonly kind: "step"; readonly text: string } | { readonly kind: "shell"; readonly id: string } | { readonly kind: "output"; readonly data: string; readonly isError: boolean } | { readonly kind: "ended"; readonly status: number | null; readonly hasUnsaved: boolean } | { readonly kind: "others-image"; readonly name: string } | { readonly kind: "done"; readonly image: { readonly name: string; readonly digest: string; readonly models: readonly (string)[]; readonly inUse: boolean; readonly created: number; readonly size: number } } | { readonly kind: "failed"; readonly error: string } };
  /** Reads a file or folder of an image of the caller's. Role admin. */
  'images.copyOut': { kind: 'lines'; asked: ({ readonly name: string; readonly path: string }); reply: { readonly kind: "data"; readonly data: string } | { readonly kind: "done"; readonly name: string } | { readonly kind: "failed"; readonly error: string } };
  /** Takes a file or folder for one later call of the same user (`images.import`, `images.build`, `images.copyIn`), as `application/octet-stream`. It is gone after that, or after an hour. Folders take role `admin`; of others a file is as large as `images.maxGigabytes` and half of the room on the disk allow. Role user. */
  'uploads.create': { kind: 'value'; asked: ({ readonly form: "file" | "tar"; readonly name: string }); reply: { readonly upload: string } };
  /** The boot media of this installation, with their checksums. Role viewer. */
  'media.list': { kind: 'value'; asked: Empty; reply: { readonly folder: string | null; readonly media: readonly ({ readonly name: string; readonly machines: string; readonly isDisk: boolean; readonly path: string; readonly bytes: number; readonly sha256: string; readonly modified: number })[] } };
  /** The bytes of a medium. A header `range` asks for a part of them, and `etag` is its SHA-256. Role viewer. */
  'media.download': { kind: 'bytes'; asked: ({ readonly name: string }); reply: Uint8Array };
  /** Log lines, the past first and then, if asked, each as it comes. All of the past, where nothing is given. Role viewer. */
  'logs.read': { kind: 'lines'; asked: ({ readonly from?: number; readonly to?: number; readonly stream?: string; readonly issuers?: string; readonly streams?: string; readonly exceptStreams?: string; readonly lineMatches?: string; readonly streamMatches?: string; readonly after?: number; readonly before?: number; readonly last?: number; readonly realtime?: boolean; readonly seconds?: number }); reply: { readonly id: number; readonly at: number; readonly issuer: string; readonly stream: string; readonly line: string } };
  /** All issuers that have lines in the log, with their streams. Role viewer. */
  'logs.sources': { kind: 'value'; asked: Empty; reply: { readonly sources: readonly ({ readonly issuer: string; readonly stream: string })[] } };
  /** The checkpoints of who asks, in the order of their times. Role user. */
  'logs.checkpoints': { kind: 'value'; asked: Empty; reply: { readonly checkpoints: readonly ({ readonly name: string; readonly at: number })[] } };
  /** Gives a moment a name. The reply is the checkpoint. Role user. */
  'logs.addCheckpoint': { kind: 'value'; asked: ({ readonly name: string; readonly at?: number }); reply: { readonly name: string; readonly at: number } };
  /** Forgets a checkpoint. The reply is what it was. Role user. */
  'logs.removeCheckpoint': { kind: 'value'; asked: ({ readonly name: string }); reply: { readonly name: string; readonly at: number } };
  /** Each event from now on as `text/event-stream`; with header `last-event-id` first those behind that one, also over a restart of the server. Role viewer. */
  'events.follow': { kind: 'events'; asked: ({ readonly types?: string; readonly seconds?: number }); reply: { readonly time: string; readonly name?: string; readonly mac?: string } & Readonly<Record<string, unknown>> };
  /** Runs SQL on the server's database, for 30 s and 10,000 rows at most. Role admin. */
  'database.sql': { kind: 'lines'; asked: ({ readonly sql: string; readonly write?: boolean }); reply: { readonly kind: "row"; readonly result: number; readonly row: Readonly<Record<string, unknown>> } | { readonly kind: "done" } | { readonly kind: "failed"; readonly error: string } };
  /** Makes a token for who says a password. It is sent in header `authorization: Bearer …` of other calls. Role viewer. */
  'users.logIn': { kind: 'value'; asked: ({ readonly user: string; readonly password: string; readonly name?: string; readonly days?: number }); reply: { readonly id: string; readonly user: string; readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly created: number; readonly expires: number; readonly token: string } };
  /** For whom the caller acts, and what they may. Role viewer. */
  'users.whoAmI': { kind: 'value'; asked: Empty; reply: { readonly user: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean } };
  /** Who may use the API from other machines. Role admin. */
  'users.list': { kind: 'value'; asked: Empty; reply: { readonly users: readonly ({ readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean; readonly provider: string | null; readonly isDisabled: boolean; readonly created: number })[] } };
  /** Lets somebody use the API from other machines. Role admin. */
  'users.create': { kind: 'value'; asked: ({ readonly name: string; readonly role?: "viewer" | "user" | "operator" | "admin"; readonly password?: string }); reply: { readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean; readonly provider: string | null; readonly isDisabled: boolean; readonly created: number } };
  /** Gives a user another role or password, or disables them. With another password all of their tokens and sessions end, and so they do for who is disabled. Role admin. */
  'users.change': { kind: 'value'; asked: ({ readonly name: string }) & ({ readonly role?: "viewer" | "user" | "operator" | "admin"; readonly password?: string; readonly isDisabled?: boolean }); reply: { readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean; readonly provider: string | null; readonly isDisabled: boolean; readonly created: number } };
  /** Gives the caller another password. All of their tokens end. Role viewer. */
  'users.setPassword': { kind: 'value'; asked: ({ readonly old: string; readonly password: string }); reply: { readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean; readonly provider: string | null; readonly isDisabled: boolean; readonly created: number } };
  /** Lets a user use the API no more. Their images and nodes stay theirs. Role admin. */
  'users.remove': { kind: 'value'; asked: ({ readonly name: string }); reply: { readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly hasPassword: boolean; readonly provider: string | null; readonly isDisabled: boolean; readonly created: number } };
  /** Makes a token for a program of the caller. Made by a token, it ends with that one at the latest, also where that is revoked. Role viewer. */
  'tokens.create': { kind: 'value'; asked: ({ readonly name: string; readonly days?: number; readonly role?: "viewer" | "user" | "operator" | "admin" }); reply: { readonly id: string; readonly user: string; readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly created: number; readonly expires: number; readonly token: string } };
  /** Tokens of the caller; of all users, if an administrator asks so. Role viewer. */
  'tokens.list': { kind: 'value'; asked: ({ readonly all?: boolean }); reply: { readonly tokens: readonly ({ readonly id: string; readonly user: string; readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly created: number; readonly expires: number })[] } };
  /** Ends a token of the caller; of any user, if an administrator asks. Role viewer. */
  'tokens.revoke': { kind: 'value'; asked: ({ readonly id: string }); reply: { readonly id: string; readonly user: string; readonly name: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly created: number; readonly expires: number } };
  /** Begins a session of a browser for who says a password; for pages of this server alone, with header `x-walt-page: 1`. Programs take a token. Role viewer. */
  'sessions.logIn': { kind: 'value'; asked: ({ readonly user: string; readonly password: string }); reply: { readonly user: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly expires: number } };
  /** How somebody may log in to the page beside by a password. Role viewer. */
  'sessions.ways': { kind: 'value'; asked: Empty; reply: { readonly openId: string | null } };
  /** Begins a sign-in by the OpenID provider of the configuration; for pages of this server alone. The browser gets a cookie, and goes to `url`. Role viewer. */
  'sessions.beginOpenId': { kind: 'value'; asked: (Empty); reply: { readonly url: string } };
  /** Begins a session of a browser for whom the provider names, in the browser in which the sign-in began. It counts once. Role viewer. */
  'sessions.endOpenId': { kind: 'value'; asked: ({ readonly answer: string }); reply: { readonly user: string; readonly role: "viewer" | "user" | "operator" | "admin"; readonly expires: number; readonly provider: string; readonly isNew: boolean } };
  /** Ends the session of the browser that asks, if it has one. Role viewer. */
  'sessions.logOut': { kind: 'value'; asked: (Empty); reply: Empty };
};

/** How a call is made. */
export type Endpoint = {
  readonly method: string;
  /** `{name}` stands for a field of what is asked */
  readonly path: string;
  readonly kind: string;
  readonly takesBytes?: boolean;
};

/** Where each of them is. */
export const ENDPOINTS: { readonly [Name in keyof Calls]: Endpoint } = {
  'server.version': {"method":"GET","path":"/api/v1/version","kind":"value"},
  'server.describe': {"method":"GET","path":"/api/v1/openapi.json","kind":"value"},
  'server.metrics': {"method":"GET","path":"/metrics","kind":"text"},
  'server.examine': {"method":"GET","path":"/api/v1/examination","kind":"value"},
  'devices.list': {"method":"GET","path":"/api/v1/devices","kind":"value"},
  'devices.rename': {"method":"POST","path":"/api/v1/devices/{device}/rename","kind":"value"},
  'devices.forget': {"method":"POST","path":"/api/v1/devices/{device}/forget","kind":"value"},
  'devices.kept': {"method":"GET","path":"/api/v1/devices/{device}/kept","kind":"value"},
  'devices.ping': {"method":"POST","path":"/api/v1/devices/{device}/ping","kind":"lines"},
  'devices.shell': {"method":"POST","path":"/api/v1/devices/{device}/shell","kind":"lines"},
  'nodes.list': {"method":"GET","path":"/api/v1/nodes","kind":"value"},
  'nodes.create': {"method":"POST","path":"/api/v1/nodes","kind":"value"},
  'nodes.show': {"method":"GET","path":"/api/v1/nodes/{node}","kind":"value"},
  'nodes.reliability': {"method":"GET","path":"/api/v1/reliability","kind":"value"},
  'nodes.remove': {"method":"POST","path":"/api/v1/nodes/{node}/remove","kind":"value"},
  'nodes.rename': {"method":"POST","path":"/api/v1/nodes/{node}/rename","kind":"value"},
  'nodes.reboot': {"method":"POST","path":"/api/v1/nodes/reboot","kind":"lines"},
  'nodes.power': {"method":"POST","path":"/api/v1/nodes/power","kind":"lines"},
  'nodes.wait': {"method":"POST","path":"/api/v1/nodes/wait","kind":"value"},
  'nodes.boot': {"method":"POST","path":"/api/v1/nodes/boot","kind":"value"},
  'nodes.bootLocal': {"method":"POST","path":"/api/v1/nodes/boot-local","kind":"value"},
  'nodes.acquire': {"method":"POST","path":"/api/v1/nodes/acquire","kind":"value"},
  'nodes.release': {"method":"POST","path":"/api/v1/nodes/release","kind":"value"},
  'nodes.shell': {"method":"POST","path":"/api/v1/nodes/{node}/shell","kind":"lines"},
  'nodes.attachShell': {"method":"GET","path":"/api/v1/nodes/{node}/shell","kind":"frames"},
  'nodes.copyIn': {"method":"POST","path":"/api/v1/nodes/{node}/copy-in","kind":"lines"},
  'nodes.copyOut': {"method":"POST","path":"/api/v1/nodes/{node}/copy-out","kind":"lines"},
  'nodes.copyBetween': {"method":"POST","path":"/api/v1/nodes/{node}/copy-to","kind":"lines"},
  'nodes.save': {"method":"POST","path":"/api/v1/nodes/{node}/save","kind":"lines"},
  'nodes.connect': {"method":"POST","path":"/api/v1/nodes/{node}/connect","kind":"lines"},
  'nodes.blink': {"method":"POST","path":"/api/v1/nodes/{node}/blink","kind":"lines"},
  'nodes.run': {"method":"POST","path":"/api/v1/nodes/run","kind":"lines"},
  'consoles.open': {"method":"POST","path":"/api/v1/consoles/open","kind":"lines"},
  'consoles.attach': {"method":"GET","path":"/api/v1/nodes/{node}/console","kind":"frames"},
  'consoles.type': {"method":"POST","path":"/api/v1/consoles/type","kind":"value"},
  'consoles.leave': {"method":"POST","path":"/api/v1/consoles/leave","kind":"value"},
  'settings.list': {"method":"GET","path":"/api/v1/settings","kind":"value"},
  'nodes.settings': {"method":"POST","path":"/api/v1/nodes/settings","kind":"value"},
  'nodes.config': {"method":"POST","path":"/api/v1/nodes/config","kind":"value"},
  'devices.settings': {"method":"POST","path":"/api/v1/devices/settings","kind":"value"},
  'devices.config': {"method":"POST","path":"/api/v1/devices/config","kind":"value"},
  'devices.rescan': {"method":"POST","path":"/api/v1/devices/rescan","kind":"value"},
  'devices.tree': {"method":"GET","path":"/api/v1/devices/tree","kind":"value"},
  'devices.ports': {"method":"GET","path":"/api/v1/devices/{device}/ports","kind":"value"},
  'devices.namePort': {"method":"POST","path":"/api/v1/devices/{device}/name-port","kind":"value"},
  'devices.credentials': {"method":"POST","path":"/api/v1/devices/{device}/credentials","kind":"value"},
  'images.list': {"method":"GET","path":"/api/v1/images","kind":"value"},
  'images.show': {"method":"GET","path":"/api/v1/images/show","kind":"value"},
  'images.refresh': {"method":"POST","path":"/api/v1/images/refresh","kind":"value"},
  'images.updateDefaults': {"method":"POST","path":"/api/v1/images/update-defaults","kind":"lines"},
  'images.search': {"method":"GET","path":"/api/v1/images/search","kind":"value"},
  'images.import': {"method":"POST","path":"/api/v1/images/import","kind":"lines"},
  'images.clone': {"method":"POST","path":"/api/v1/images/clone","kind":"lines"},
  'images.publish': {"method":"POST","path":"/api/v1/images/publish","kind":"lines"},
  'images.rename': {"method":"POST","path":"/api/v1/images/rename","kind":"value"},
  'images.duplicate': {"method":"POST","path":"/api/v1/images/duplicate","kind":"value"},
  'images.remove': {"method":"POST","path":"/api/v1/images/remove","kind":"value"},
  'images.gc': {"method":"POST","path":"/api/v1/images/gc","kind":"value"},
  'images.shell': {"method":"POST","path":"/api/v1/images/shell","kind":"lines"},
  'shells.type': {"method":"POST","path":"/api/v1/shells/type","kind":"value"},
  'shells.resize': {"method":"POST","path":"/api/v1/shells/resize","kind":"value"},
  'images.save': {"method":"POST","path":"/api/v1/images/save","kind":"lines"},
  'images.keptShells': {"method":"GET","path":"/api/v1/images/shells","kind":"value"},
  'images.resumeShell': {"method":"POST","path":"/api/v1/images/shells/resume","kind":"lines"},
  'images.dropShell': {"method":"POST","path":"/api/v1/images/shells/drop","kind":"value"},
  'images.squash': {"method":"POST","path":"/api/v1/images/squash","kind":"lines"},
  'images.build': {"method":"POST","path":"/api/v1/images/build","kind":"lines"},
  'images.copyIn': {"method":"POST","path":"/api/v1/images/copy-in","kind":"lines"},
  'images.copyOut': {"method":"POST","path":"/api/v1/images/copy-out","kind":"lines"},
  'uploads.create': {"method":"POST","path":"/api/v1/uploads/{form}/{name}","kind":"value","takesBytes":true},
  'media.list': {"method":"GET","path":"/api/v1/media","kind":"value"},
  'media.download': {"method":"GET","path":"/api/v1/media/{name}/file","kind":"bytes"},
  'logs.read': {"method":"GET","path":"/api/v1/logs","kind":"lines"},
  'logs.sources': {"method":"GET","path":"/api/v1/logs/sources","kind":"value"},
  'logs.checkpoints': {"method":"GET","path":"/api/v1/logs/checkpoints","kind":"value"},
  'logs.addCheckpoint': {"method":"POST","path":"/api/v1/logs/checkpoints","kind":"value"},
  'logs.removeCheckpoint': {"method":"POST","path":"/api/v1/logs/checkpoints/remove","kind":"value"},
  'events.follow': {"method":"GET","path":"/api/v1/events","kind":"events"},
  'database.sql': {"method":"POST","path":"/api/v1/database/sql","kind":"lines"},
  'users.logIn': {"method":"POST","path":"/api/v1/login","kind":"value"},
  'users.whoAmI': {"method":"GET","path":"/api/v1/whoami","kind":"value"},
  'users.list': {"method":"GET","path":"/api/v1/users","kind":"value"},
  'users.create': {"method":"POST","path":"/api/v1/users","kind":"value"},
  'users.change': {"method":"POST","path":"/api/v1/users/{name}/change","kind":"value"},
  'users.setPassword': {"method":"POST","path":"/api/v1/password","kind":"value"},
  'users.remove': {"method":"POST","path":"/api/v1/users/remove","kind":"value"},
  'tokens.create': {"method":"POST","path":"/api/v1/tokens","kind":"value"},
  'tokens.list': {"method":"GET","path":"/api/v1/tokens","kind":"value"},
  'tokens.revoke': {"method":"POST","path":"/api/v1/tokens/revoke","kind":"value"},
  'sessions.logIn': {"method":"POST","path":"/api/v1/session","kind":"value"},
  'sessions.ways': {"method":"GET","path":"/api/v1/session/ways","kind":"value"},
  'sessions.beginOpenId': {"method":"POST","path":"/api/v1/session/openid","kind":"value"},
  'sessions.endOpenId': {"method":"POST","path":"/api/v1/session/openid/end","kind":"value"},
  'sessions.logOut': {"method":"POST","path":"/api/v1/session/end","kind":"value"},
};
