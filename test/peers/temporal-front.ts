import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Stands before a Temporal server and hands everything on, but what a test has it refuse. */
export interface TemporalFront {
  readonly address: string;
  /** From now on refuses calls of this method whose request holds this text, with a status that is not worth a repetition; null: none. */
  refuse(what: { readonly method: string; readonly holding: string } | null): void;
  /** How many calls were refused so far. */
  readonly refused: number;
  stop(): void;
}

/** Starts one before the server at this address. */
export async function startTemporalFront(address: string): Promise<TemporalFront> {
  let refusing: Parameters<TemporalFront['refuse']>[0] = null;
  let refused = 0;
  const behind = http2.connect(`http://${address}`);
  const server = http2.createServer();
  server.on('stream', async (stream, headers) => {
    stream.on('error', () => undefined);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const request = Buffer.concat(parts);
    if (refusing && headers[':path']?.endsWith(`/${refusing.method}`) && plain(request).includes(refusing.holding)) {
      refused += 1;
      stream.respond(REFUSAL, { endStream: true });
    } else handOn(behind, address, stream, headers, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (what) => {
      refusing = what;
    },
    get refused() {
      return refused;
    },
    stop: () => {
      behind.destroy();
      server.close();
    },
  };
}

/** RESOURCE_EXHAUSTED in the words that Temporal's library takes as final. */
const REFUSAL = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-status': '8',
  'grpc-message': 'grpc: received message larger than max',
};

/** A request of gRPC without its head of five bytes, the first of which says that the rest is compressed. */
const plain = (request: Buffer): Buffer => (request[0] === 1 ? gunzipSync(request.subarray(5)) : request.subarray(5));

function handOn(
  behind: http2.ClientHttp2Session,
  authority: string,
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  request: Buffer,
): void {
  const call = behind.request({ ...headers, ':authority': authority });
  let trailers: http2.OutgoingHttpHeaders = {};
  call.on('error', () => stream.close());
  stream.on('close', () => call.close());
  call.on('trailers', (ends) => {
    trailers = ends;
  });
  call.on('response', (answer, flags) => {
    if (stream.destroyed) return;
    const isAll = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(answer, isAll ? { endStream: true } : { waitForTrailers: true });
    if (isAll) return;
    stream.once('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  call.end(request);
}
