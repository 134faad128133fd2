// Where the page begins in a browser.
import { render } from 'preact';
import { App } from './parts/frame/app.tsx';
import { followLinks } from './state/router.ts';
import { applyTheme } from './state/theme.ts';

applyTheme();
followLinks(document);
render(<App />, document.body);
