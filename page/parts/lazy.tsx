// A part of the page that is loaded when it is first shown.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../state/notices.ts';
import { texts } from '../texts.ts';

/** Shows a component once it is there. */
export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return function Lazy(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props>>();
    const [failed, setFailed] = useState('');
    useEffect(() => {
      load().then(
        (part) => setPart(() => part),
        (reason: unknown) => setFailed(sentenceOf(reason)),
      );
    }, []);
    if (Part !== undefined) return <Part {...props} />;
    return <p class="loading">{failed === '' ? texts.loading : failed}</p>;
  };
}
