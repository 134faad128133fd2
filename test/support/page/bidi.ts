// WebDriver BiDi (W3C), by which a browser is told what to do and tells what happens in it: JSON over a WebSocket.
import { once } from 'node:events';
import { WebSocket } from 'ws';

type Told = Readonly<Record<string, unknown>>;
type Waiting = { readonly resolve: (result: Told) => void; readonly reject: (why: Error) => void };

/** A connection to one browser. */
export class Bidi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  private constructor(socket: WebSocket, onEvent: (method: string, params: Told) => void) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const said = JSON.parse(String(data));
      if (said.type === 'event') return onEvent(said.method, said.params);
      const asked = this.#waiting.get(said.id);
      this.#waiting.delete(said.id);
      if (said.type === 'success') asked?.resolve(said.result);
      else asked?.reject(new Error(`${said.error}: ${said.message}`));
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser has ended'));
    });
  }

  /**
   * @param url as `ws` takes it
   * @param options.host for whom the browser is asked: it answers for its own address and port alone
   * @throws {Error} where no browser answers there
   */
  static async open(
    url: string,
    {
      host,
      onEvent,
    }: { readonly host: string; readonly onEvent: (method: string, params: Told) => void },
  ): Promise<Bidi> {
    const socket = new WebSocket(url, { headers: { host } });
    const bidi = new Bidi(socket, onEvent);
    await once(socket, 'open');
    return bidi;
  }

  /** Gives a command, and resolves with its result. @throws {Error} with what the browser says against it */
  async run(method: string, params: Told = {}): Promise<Told> {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<Told>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    return await answer;
  }

  close(): void {
    this.#socket.terminate();
  }
}
