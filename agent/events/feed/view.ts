// What followers of the events are told of each: its own fields, with devices as callers of the API see them.
import type { Device } from '../../devices/device.ts';
import type { EventOf, ServerEvent } from '../event.ts';

/** A JSON object. */
export type EventView = Readonly<Record<string, unknown>>;

/** Machines of walt-net choose some texts, and a command may be about thousands of nodes. */
const LONGEST_TEXT = 1000;
const LONGEST_LIST = 100;

/** @returns undefined where nothing changed that anybody is told */
export function viewEvent(event: ServerEvent): EventView | undefined {
  switch (event.kind) {
    case 'device-changed':
      return viewChange(event);
    case 'passers-by-forgotten':
      return shortened({ ...without(event), devices: event.devices.map(viewDevice) });
    case 'new-device':
    case 'no-image':
    case 'forgotten':
    case 'configured':
      return shortened({ ...viewDevice(event.device), ...without(event), device: undefined });
    case 'new-node':
    case 'double-boot':
      return shortened({ ...viewDevice(event.node), ...without(event), node: undefined });
    default:
      return shortened({ ...named(event), ...without(event) });
  }
}

function viewChange({ before, after }: EventOf<'device-changed'>): EventView | undefined {
  if (isSame(before, after)) return undefined;
  const [then, now] = [before, after].map((one) => (one === undefined ? null : viewDevice(one)));
  const { name, mac } = after ?? before ?? {};
  return { name, mac, before: then, after: now };
}

const VIEWED = ['name', 'mac', 'ip', 'type', 'model', 'image', 'bootsLocal'] as const;

/** Whether callers of the API see the same of both: nearly each change is a lease that ends later. */
function isSame(before: Device | undefined, after: Device | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return VIEWED.every((field) => before[field] === after[field]);
}

function viewDevice({ name, mac, ip, type, model, image, bootsLocal }: Device): EventView {
  return { name, mac, ip, type, model, image, bootsLocal };
}

/** Where an event has a device by its name alone, `name` has it too: it is there of every event about one device. */
function named(event: ServerEvent): EventView {
  if ('node' in event && typeof event.node === 'string') return { name: event.node };
  if ('device' in event && typeof event.device === 'string') return { name: event.device };
  return event.kind === 'renamed' ? { name: event.to } : {};
}

function without({ kind: _kind, ...fields }: ServerEvent): EventView {
  return fields;
}

function shortened(view: EventView): EventView {
  if (!Object.values(view).some(isLong)) return view;
  return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, short(value)]));
}

/** Lists are looked into. */
function isLong(value: unknown): boolean {
  return Array.isArray(value) || (typeof value === 'string' && value.length > LONGEST_TEXT);
}

function short(value: unknown): unknown {
  if (typeof value === 'string' && value.length > LONGEST_TEXT) {
    return `${value.slice(0, LONGEST_TEXT)}…`;
  }
  return Array.isArray(value) ? value.slice(0, LONGEST_LIST).map(short) : value;
}
