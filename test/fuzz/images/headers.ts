/** Damaged texts of registries and of other programs: how to log in, where a list goes on, names and places of images. */
import { RequestError } from '../../../agent/errors.ts';
import { isImageName } from '../../../agent/images/content/image.ts';
import { imageNameOf } from '../../../agent/images/sources/archive/image-names.ts';
import { complaintOf } from '../../../agent/images/sources/complaint.ts';
import { parseLink } from '../../../agent/images/sources/link.ts';
import { parseChallenges } from '../../../agent/images/sources/registry/challenge.ts';
import { nextPage } from '../../../agent/images/sources/registry/link-header.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import { FuzzFault, type FuzzTarget } from '../target.ts';

type Reader = {
  readonly corpus: readonly string[];
  /** @returns what it came to @throws {Error} where that is not sound */
  readonly read: (text: string) => string;
};

const FROM = 'https://registry.example/v2/_catalog?n=2';
/** Characters that Node.js takes for the heads of an answer. */
const LONGEST = 16_384;

const READERS: Readonly<Record<string, Reader>> = {
  challenge: {
    corpus: [
      'Bearer realm="https://auth.example/token",service="x",scope="repository:a/b:pull,push"',
      'Basic realm="a \\"b\\", c", Bearer realm=x, error="insufficient_scope"',
      'NEGOTIATE, basic Realm = "x"',
      'Bearer __proto__="x",constructor=y,realm=z',
    ],
    read: (text) => {
      const challenges = parseChallenges(text);
      const isSound = challenges.every(
        ({ scheme, params }) =>
          scheme === scheme.toLowerCase() &&
          Object.values(params).every((value) => typeof value === 'string') &&
          ['string', 'undefined'].includes(typeof params.realm),
      );
      if (!isSound) throw new Error(JSON.stringify(challenges));
      return challenges.length === 0 ? 'no challenge' : 'challenges';
    },
  },
  link: {
    corpus: [
      '</v2/_catalog?last=b&n=2>; rel="next"',
      '</a>; title="; rel=\\"next\\", </x>; rel=next", <?last=b&n=2> ; REL = "Next"',
      '</v2/_catalog?last=b,c;d>; a; ; title*=UTF-8\'\'n%e4chste; rel="prev next"',
      '<http://[>; rel="next"; anchor="#other"',
    ],
    read: (text) => {
      const next = nextPage(text, FROM);
      if (next === undefined) return 'last page';
      if (!URL.canParse(next)) throw new Error(next);
      return 'next page';
    },
  },
  name: {
    corpus: [
      ...['docker.io/alice/web', 'localhost:5000/alice/web:v1', 'index.docker.io/library/web:1'],
      ...['registry.example/a/b/c@sha256:00', 'web', '[::1]:5000/alice/web:latest', 'a/b:c:d'],
    ],
    read: (text) => {
      const name = imageNameOf(text);
      if (name !== undefined && !isImageName(name)) throw new Error(name);
      return name === undefined ? 'no name' : 'name';
    },
  },
  place: {
    corpus: ['walt:alice/web', 'docker:alice/web:v1', 'hub:a/b', 'server:a/b:c'],
    read: (text) => {
      try {
        const { name } = parseLink(text);
        if (!isImageName(name)) throw new Error(name);
        return 'place';
      } catch (thrown) {
        if (thrown instanceof RequestError) return 'no place';
        throw thrown;
      }
    },
  },
  complaint: {
    corpus: [
      'skopeo copy failed (1): time="2026-01-01T00:00:00Z" level=fatal msg="it \\"is\\" so"\nError: x',
      'buildah bud failed (125): ⨯ no\nERRO[0001] exit status 1\nERRO[0001] exit status 1',
    ],
    read: (text) => {
      const said = complaintOf(new Error(text));
      if (said === '' && text !== '') throw new Error('nothing was said');
      return 'complaint';
    },
  },
};

/** One of `rounds` is one text. */
export const fuzzImageHeaders: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const readers = Object.values(READERS);
  const counts: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    const { corpus, read } = readers[round % readers.length] as Reader;
    const sample = corpus[Math.floor(random() * corpus.length)] ?? '';
    const damaged = Buffer.from(mutate(Buffer.from(sample), random)).toString('latin1');
    // What repeats is what makes a reader slow that goes back again and again.
    const text = random() < 0.02 ? damaged.repeat(400).slice(0, LONGEST) : damaged;
    try {
      const outcome = read(text);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    } catch (error) {
      throw new FuzzFault(round, Buffer.from(text, 'latin1'), error);
    }
    if (round % 100 === 0) alive(round);
  }
  return counts;
};
