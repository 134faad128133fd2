// The whole server with api.listen: HTTPS, events and numbers over kill -9, a configuration that is read again, and a hand-over.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { SERVER } from '../../../lab/programs/walt-programs.ts';
import { eventually, openLab } from '../../support/lab.ts';

const PLACE = '127.0.0.1:8443';
const URL = `https://${PLACE}`;

async function curl(lab: Lab, token: string, path: string, ...args: string[]): Promise<string> {
  const known = join(lab.folder, 'authority.pem');
  const how = ['--silent', '--show-error', '--cacert', known, '--max-time', '20', ...args];
  const command = ['curl', ...how, '--header', `authorization: Bearer ${token}`, `${URL}${path}`];
  const { stdout } = await succeed(lab.namespace.command(command), { seconds: 60 });
  return stdout.toString();
}

/** Ends after a second. */
async function eventsBehind(lab: Lab, token: string, id: string): Promise<string> {
  const behind = id === '' ? [] : ['--header', `last-event-id: ${id}`];
  return await curl(lab, token, '/api/v1/events?types=call-made&seconds=1', ...behind);
}

function idsIn(events: string): string[] {
  return [...events.matchAll(/^id: (\S+)\nevent: call-made$/gm)].map(([, id = '']) => id);
}

test('users elsewhere have events and numbers, whatever becomes of the server', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'apilist', { images: { registries: [] }, api: { listen: [PLACE] } });
  await lab.startServer();
  const [, fingerprint = ''] = /fingerprint (\S+)/.exec(await lab.serverLog()) ?? [];
  t.regex(fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  const state = join(lab.folder, 'state/api');
  const pem = join(lab.folder, 'authority.pem');
  const program = (word: string) => [process.execPath, SERVER, word];
  const ofConfig = ['--config', join(lab.folder, 'config.yaml')];
  // What people are given has no key, and is all that a client needs.
  const given = await succeed([...program('authority'), ...ofConfig]);
  t.regex(
    given.stdout.toString(),
    /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
  );
  await writeFile(pem, given.stdout);
  const kept = await succeed(['openssl', 'x509', '-in', join(state, 'authority.pem')]);
  t.is(kept.stdout.toString(), given.stdout.toString());
  await lab.walt('user', 'create', 'carol', '--role', 'viewer');
  const asCarol = ['env', 'WALT_USER=carol', ...lab.waltCommand('token', 'create', 'test')];
  const token = (await succeed(asCarol)).stdout.toString().trim();
  const printed = await succeed([...program('fingerprint'), ...ofConfig]);
  t.is(printed.stdout.toString().trim(), fingerprint);
  t.regex(await curl(lab, token, '/api/v1/version'), /"version"/);
  t.regex(await curl(lab, token, '/metrics'), /^walt_devices\{type="node"\} 0$/m);
  const start = /^id: (\S+)/m.exec(await eventsBehind(lab, token, ''))?.[1] ?? '';
  const call = (name: string) => lab.walt('user', 'create', name, '--role', 'viewer');
  await call('u1');
  const [first = ''] = idsIn(await eventsBehind(lab, token, start));
  t.not(first, '');
  await call('u2');
  // What nobody was told yet a killed server may lose; this was told.
  t.regex(await eventsBehind(lab, token, first), /"about":"u2"/);
  await lab.endServer('SIGKILL');
  await lab.startServer();
  t.true((await lab.serverLog()).split(`fingerprint ${fingerprint}`).length > 2);
  await call('u3');
  const others = await eventsBehind(lab, token, first);
  t.is(idsIn(others).length, 2, others);
  t.regex(others, /"about":"u2".*"about":"u3"/s);
  t.is(idsIn(await eventsBehind(lab, token, start)).length, 3);
  process.kill(lab.serverPid(), 'SIGHUP');
  await eventually(
    () => lab.serverLog(),
    (text) => /configuration/i.test(text),
    30,
  );
  t.regex(await curl(lab, token, '/api/v1/version'), /"version"/);
  await lab.handOver();
  await call('u4');
  const last = await eventsBehind(lab, token, first);
  t.regex(last, /"about":"u2".*"about":"u3".*"about":"u4"/s);
  t.is(idsIn(last).length, 3);
});

/** An authority as a server makes them, but for its end. */
async function makeAuthority(lab: Lab, days: number): Promise<string> {
  const folder = join(lab.folder, 'state/api');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [key, cert] = [join(lab.folder, 'old.key'), join(lab.folder, 'old.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const uses = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'];
  const more = ['-subj', '/CN=WalT server authority', ...uses.flatMap((use) => ['-addext', use])];
  const files = ['-keyout', key, '-out', cert, '-days', String(days)];
  await succeed(['openssl', 'req', '-x509', ...kind, ...files, ...more]);
  const both = await Promise.all([key, cert].map((file) => readFile(file, 'utf8')));
  await writeFile(join(folder, 'authority.pem'), both.join(''), { mode: 0o600 });
  return cert;
}

test('an authority that ends soon is said, and renewed without a client that loses its way', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'apiends', { images: { registries: [] }, api: { listen: [PLACE] } });
  const known = await makeAuthority(lab, 30);
  await lab.startServer();
  const ask = async (ca: string, path: string) => {
    const command = ['curl', '--silent', '--show-error', '--cacert', ca, `${URL}${path}`];
    return (await succeed(lab.namespace.command(command))).stdout.toString();
  };
  t.regex(await ask(known, '/api/v1/version'), /no-token/);
  t.regex(await lab.serverLog(), /the authority of the API ends in (29|30) days/);
  const sick = await lab.tryWalt('doctor');
  t.regex(sick.stdout.toString(), /certificate.*the authority of the API ends in (29|30) days/);
  t.regex(sick.stdout.toString(), /walt-server renew-authority/);
  const main = [process.execPath, SERVER];
  const config = ['--config', join(lab.folder, 'config.yaml')];
  const renewed = await succeed([...main, 'renew-authority', ...config]);
  const [, fingerprint = ''] = /fingerprint (\S+)\./.exec(renewed.stdout.toString()) ?? [];
  await lab.handOver();
  t.true((await lab.serverLog()).endsWith(`fingerprint ${fingerprint}\nready\n`));
  t.regex(await ask(known, '/api/v1/version'), /no-token/, 'who knows the old one goes on');
  const now = join(lab.folder, 'now.pem');
  await succeed([
    'openssl',
    'x509',
    '-in',
    join(lab.folder, 'state/api/authority.pem'),
    '-out',
    now,
  ]);
  t.regex(await ask(now, '/api/v1/version'), /no-token/, 'and so does who knows the new one');
  const well = await lab.tryWalt('doctor');
  t.regex(well.stdout.toString(), /certificate.*the first one ends on/);
});
