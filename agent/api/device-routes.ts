// Routes of `walt device …`.
import { z } from 'zod';
import { callerOf } from './caller.ts';
import type { Platform } from './platform.ts';
import type { Api } from './server.ts';
import { devicesReply, deviceView, renameRequest } from './types.ts';
import { viewDevice } from './views.ts';

const nameParameter = z.object({ name: z.string() });

export function deviceRoutes(api: Api, platform: Platform): void {
  api.get('/api/v1/devices', { schema: { response: { 200: devicesReply } } }, async () => {
    const server = {
      name: 'walt-server',
      ip: platform.address,
      mac: '',
      type: 'server' as const,
      virtual: false,
      model: null,
      serial: null,
      note: null,
    };
    return {
      devices: [server, ...platform.registry.all().map((device) => viewDevice(device, platform))],
    };
  });

  api.post(
    '/api/v1/devices/:name/rename',
    { schema: { params: nameParameter, body: renameRequest, response: { 200: deviceView } } },
    async (request) => {
      const { name, takesOthers = false } = request.body;
      const asking = { by: callerOf(request), takesOthers };
      return viewDevice(await platform.actions.rename(request.params.name, name, asking), platform);
    },
  );
}
