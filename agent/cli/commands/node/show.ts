// `walt node show`: the nodes, by owner, or one node and how it booted.
import type { MachineView, NodeView } from '../../../api/calls/views/node-view.ts';
import type { Reply } from '../../client.ts';
import {
  type Command,
  type Io,
  JSON_OPTION,
  NAMES_ONLY_OPTION,
} from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { FREE_OWNER } from '../../names/node-names.ts';
import { bootTable } from '../../texts/boot-table.ts';
import { bootTimeline } from '../../texts/boot-timeline.ts';
import { bootedText, stateText } from '../../texts/node-state.ts';
import { reliabilityTable } from '../../texts/reliability-table.ts';
import { stageTable } from '../../texts/stage-table.ts';
import { table } from '../../texts/table.ts';
import { dateAndTime } from '../../texts/time.ts';

export const nodeShow: Command = {
  category: 'node',
  name: 'show',
  help: 'list your nodes, or tell of one node how its last boot went',
  arguments: [
    {
      name: 'NODE',
      help: 'a node, to see the stages of its last boot',
      isOptional: true,
      names: 'node',
    },
  ],
  options: [
    { name: 'all', help: 'the nodes of nobody and of other users too' },
    {
      name: 'timeline',
      help: 'of one node: how long each leg of its last boot took, and what is usual',
    },
    { name: 'reliability', help: 'how reliably nodes boot, the worst first' },
    NAMES_ONLY_OPTION,
    JSON_OPTION,
  ],
  async run(client, { words: [name], flags }, io) {
    const ofMany = ['all', 'names-only', 'reliability'].find((flag) => flags.has(flag));
    if (name !== undefined && ofMany !== undefined) {
      throw new CommandError(`walt node show: give the name of a node or --${ofMany}, not both`);
    }
    if (name !== undefined) {
      const reply = await client.call('nodes.show', { node: name });
      if (flags.has('timeline') && !flags.has('json'))
        return io.out(bootTimeline(reply, io.columns));
      return io.out(flags.has('json') ? JSON.stringify(reply, null, 2) : nodeText(reply, io));
    }
    if (flags.has('timeline'))
      throw new CommandError('walt node show: --timeline is of one node: give its name');
    const { nodes } = await client.call('nodes.list');
    const wanted = flags.has('all') ? nodes : nodes.filter(({ owner }) => owner === io.user);
    if (flags.has('reliability')) {
      const { nodes: counted } = await client.call('nodes.reliability');
      const names = new Set(wanted.map(({ name }) => name));
      const shown = counted.filter((node) => names.has(node.name));
      const isJson = flags.has('json');
      return io.out(
        isJson ? JSON.stringify({ nodes: shown }, null, 2) : reliabilityTable(shown, io.columns),
      );
    }
    if (flags.has('json')) return io.out(JSON.stringify({ nodes: wanted }, null, 2));
    if (flags.has('names-only')) {
      for (const { name } of wanted.toSorted(byName)) io.out(name);
      return;
    }
    if (wanted.length === 0) return io.note(hint(nodes));
    io.out(tables(wanted, io));
  },
};

const OWN = ['name', 'type', 'model', 'image', 'ip', 'netsetup', 'booted'] as const;
const FREE = ['name', 'type', 'model', 'ip', 'netsetup', 'booted'] as const;
const OTHERS = [
  'name',
  'type',
  'model',
  'image-owner',
  'clonable-image-link',
  'ip',
  'netsetup',
  'booted',
] as const;

type Column = (typeof OWN | typeof FREE | typeof OTHERS)[number];

const CELLS: Readonly<Record<Column, (node: NodeView) => string>> = {
  name: ({ name }) => name,
  type: ({ type }) => type,
  model: ({ model }) => model,
  image: ({ image }) => image,
  'image-owner': ({ owner }) => owner,
  'clonable-image-link': ({ image }) => `walt:${image}`,
  ip: ({ ip }) => ip,
  netsetup: ({ netsetup }) => netsetup,
  booted: bootedText,
};

function tables(nodes: readonly NodeView[], { user, columns: width }: Io): string {
  const isFree = ({ owner }: NodeView) => owner === FREE_OWNER;
  const isOwn = (node: NodeView) => node.owner === user && !isFree(node);
  const isOthers = (node: NodeView) => !isOwn(node) && !isFree(node);
  return [
    section({ title: 'Your nodes:', columns: OWN, width }, nodes.filter(isOwn)),
    section({ title: 'Free nodes:', columns: FREE, width }, nodes.filter(isFree)),
    section({ title: 'Nodes of other users:', columns: OTHERS, width }, nodes.filter(isOthers)),
  ]
    .filter((text) => text !== undefined)
    .join('\n\n');
}

type Section = {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly width: number | undefined;
};

function section(
  { title, columns, width }: Section,
  nodes: readonly NodeView[],
): string | undefined {
  if (nodes.length === 0) return undefined;
  const rows = nodes.toSorted(byName).map((node) => columns.map((column) => CELLS[column](node)));
  return `${title}\n\n${table(columns, rows, width)}`;
}

function byName(left: NodeView, right: NodeView): number {
  return left.name.localeCompare(right.name);
}

function hint(nodes: readonly NodeView[]): string {
  if (nodes.length === 0) {
    return 'No node has been seen yet. walt help show new-node says how to connect one.';
  }
  return 'No node boots an image of yours. Type walt node show --all to see the others.';
}

const LOCAL = 'it starts from its own disk (boot-local), until it is given an image or released';

function nodeText(
  {
    node,
    stages,
    secureBoot,
    machine,
    failures,
    boots,
    quarantine,
    kexecFailed,
  }: Reply<'nodes.show'>,
  { columns: width }: Pick<Io, 'columns'>,
): string {
  const { name, type, model, image, owner, ip, mac, netsetup, since, bootsLocal } = node;
  const facts = [
    `${name} (${type}, ${model})`,
    `ip ${ip}, mac ${mac}, netsetup ${netsetup}`,
    `image ${image}, ${owner === FREE_OWNER ? 'free' : `of ${owner}`}`,
    ...(machine === null ? [] : [`virtual machine: ${machineText(machine)}`]),
    ...(bootsLocal ? [LOCAL] : []),
    ...(secureBoot === null ? [] : [`secure boot: ${secureBoot}`]),
    ...(kexecFailed === null ? [] : [byFirmwareText(kexecFailed)]),
  ];
  if (since === null) return [...facts, 'It has not started to boot since it is known.'].join('\n');
  const boot = `last boot: ${dateAndTime(since)}, now ${stateText(node)}`;
  const trouble = failures === null ? [] : [`it does not come up: ${failures}`];
  const left = quarantine === null ? [] : [`it ${quarantine}`];
  const past = ['', 'Its last boots:', '', bootTable(boots, width)];
  return [...facts, boot, ...trouble, ...left, '', stageTable(stages, width), ...past].join('\n');
}

function byFirmwareText(failed: number): string {
  return `reboots by its firmware: by kexec it did not come up with this image, ${dateAndTime(failed)}`;
}

function machineText({ isOn, accelerator, isOutdated, trouble }: MachineView): string {
  if (trouble !== null)
    return isOn ? `on, but ${trouble}` : `off, though it should be on: ${trouble}`;
  if (!isOn) return 'off';
  const how = accelerator === 'kvm' ? 'on, by KVM' : 'on, emulated (no usable KVM)';
  return isOutdated ? `${how}; it gets its new settings when it reboots` : how;
}
