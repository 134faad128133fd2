// Network namespaces as the platform makes them, which go with the test that made them whatever becomes of it.
import * as platform from '../../scripts/platform/parts/namespace.ts';
import { watchOver } from './process/watchdog.ts';

export type { Namespace } from '../../scripts/platform/parts/namespace.ts';

export const createNamespace: typeof platform.createNamespace = async (name, options) => {
  watchOver({ namespaces: [name] });
  return await platform.createNamespace(name, options);
};
