// A power strip with eight outlets as a program of Debian's snmpd (`pass_persist`).
import { servePassPersist } from '../switches/pass-persist-lines.ts';
import { makeStrip, stripObjects } from './strip-objects.ts';

const strip = makeStrip(8);
servePassPersist(() => stripObjects(strip));
