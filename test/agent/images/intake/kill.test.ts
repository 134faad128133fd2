// The server is killed while it pulls, again and again; more often in the matrix.
import { testKilledPulls } from '../../../support/images/killed-pulls.ts';

testKilledPulls({ alone: 12, withBase: 5 });
