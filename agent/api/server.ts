// The API on its unix socket, for the `walt` command of this machine.
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import fastify, { type FastifyError } from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { ImageError, RequestError, WaltError } from '../errors.ts';
import { deviceRoutes } from './device-routes.ts';
import { imageRoutes } from './image-routes.ts';
import { logRoutes } from './log-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { ownershipRoutes } from './ownership-routes.ts';
import type { Platform } from './platform.ts';
import { openToGroup } from './socket-group.ts';
import { versionReply } from './types.ts';
import { workingSetRoutes } from './working-set-routes.ts';
import { workshopRoutes } from './workshop-routes.ts';

export type Api = ReturnType<typeof buildApi>;

/** @throws {WaltError} if another server answers on the socket, or there is no such group */
export async function startApiServer(
  platform: Platform,
  options: {
    readonly socket: string;
    readonly group?: string;
    readonly onProblem: (reason: unknown) => void;
  },
): Promise<{ close(): Promise<void> }> {
  const { socket, group, onProblem } = options;
  const api = buildApi(platform, onProblem);
  deviceRoutes(api, platform);
  imageRoutes(api, platform);
  logRoutes(api, platform);
  nodeRoutes(api, platform);
  ownershipRoutes(api, platform);
  workingSetRoutes(api, platform);
  workshopRoutes(api, platform);
  await mkdir(dirname(socket), { recursive: true });
  await removeStaleSocket(socket);
  await api.listen({ path: socket });
  try {
    await openToGroup(socket, group);
  } catch (reason) {
    await api.close();
    throw reason;
  }
  return { close: async () => await api.close() };
}

function buildApi(platform: Platform, onProblem: (reason: unknown) => void) {
  const api = fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = statusOf(error);
    if (status === 500) onProblem(error);
    reply.code(status).send({ error: error.message });
  });
  api.get('/api/v1/version', { schema: { response: { 200: versionReply } } }, async () => ({
    version: platform.version,
  }));
  return api;
}

function statusOf(error: FastifyError): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof ImageError) return 400;
  return error.statusCode ?? 500;
}

/** A socket that a killed server left behind is removed; one that is answered is another server's. */
async function removeStaleSocket(path: string): Promise<void> {
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
  if (isAnswered) {
    throw new WaltError(`Cannot start: another walt-server answers on ${path}. Stop it first.`);
  }
  await rm(path, { force: true });
}
