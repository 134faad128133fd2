// The server is killed while it pulls, again and again.
import { testKilledPulls } from '../../support/images/killed-pulls.ts';

testKilledPulls({ alone: 50, withBase: 10 });
