import type { ClientChannel } from 'ssh2';
import { ChannelEnded } from '../channel.ts';

/** What the other end of `scp` refused, in its own words. */
export class ScpRefusal extends Error {
  override readonly name = 'ScpRefusal';
}

const ACKNOWLEDGED = Buffer.of(0);

/** The two ends of scp's protocol on one channel: lines, bytes and one-byte acknowledgements. Rejects with `ScpRefusal`, or `ChannelEnded`. */
export class ScpChannel {
  readonly #channel: ClientChannel;
  #chunks: Buffer[] = [];
  #have = 0;
  #ended = false;
  #complaint = '';
  #wake: (() => void) | null = null;

  constructor(channel: ClientChannel) {
    this.#channel = channel;
    channel.on('data', (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#have += bytes.length;
      // What nobody takes waits at the host.
      if (this.#have > 1024 * 1024) channel.pause();
      this.#wake?.();
    });
    channel.stderr.on('data', (bytes: Buffer) => {
      this.#complaint = (this.#complaint + bytes.toString()).slice(-1000);
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    for (const event of ['end', 'close', 'error']) channel.on(event, end);
  }

  /** The next bytes, at most so many and at least one; throws when the channel has ended. */
  async take(most: number): Promise<Buffer> {
    while (this.#have === 0) {
      if (this.#ended) throw this.#complaint === '' ? new ChannelEnded('the channel ended') : new ScpRefusal(this.#complaint.trim());
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const first = this.#chunks[0] ?? ACKNOWLEDGED;
    const bytes = first.subarray(0, most);
    if (bytes.length === first.length) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(most);
    this.#have -= bytes.length;
    if (this.#have === 0) this.#channel.resume();
    return bytes;
  }

  /** A line up to its end, for what begins with the character already taken. */
  async line(): Promise<string> {
    const bytes: number[] = [];
    for (let byte = (await this.take(1))[0] ?? 10; byte !== 10; byte = (await this.take(1))[0] ?? 10) {
      if (bytes.length > 8192) throw new ScpRefusal('a line without an end');
      bytes.push(byte);
    }
    return Buffer.from(bytes).toString();
  }

  /** Waits for the other end to agree with what it was sent. */
  async agreed(): Promise<void> {
    const [code] = await this.take(1);
    if (code !== 0) throw new ScpRefusal(await this.line());
  }

  agree = (): Promise<void> => this.send(ACKNOWLEDGED);

  /** Resolves when the channel has room for more. */
  send(bytes: Buffer): Promise<void> {
    if (this.#ended) return Promise.reject(new ChannelEnded('the channel ended'));
    return new Promise((resolve, reject) => {
      const onClose = () => reject(new ChannelEnded('the channel ended'));
      this.#channel.once('close', onClose);
      this.#channel.write(bytes, () => {
        this.#channel.off('close', onClose);
        resolve();
      });
    });
  }

  end(): void {
    this.#channel.end();
    this.#channel.close();
  }
}
