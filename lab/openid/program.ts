// The provider as a program, for a network of its own: told all as JSON, it says `listening` and its address.
import { readFile } from 'node:fs/promises';
import { type OpenIdOptions, startOpenIdProvider } from './provider.ts';

/** As the provider itself is told, with files in place of texts. */
export type OpenIdPlan = OpenIdOptions;

const [plan = ''] = process.argv.slice(2);
const { tls, ...options }: OpenIdPlan = JSON.parse(plan);
const [key, cert] = await Promise.all([readFile(tls.key, 'utf8'), readFile(tls.cert, 'utf8')]);
const { issuer } = await startOpenIdProvider({ ...options, tls: { key, cert } });
console.log(`listening ${issuer}`);
