import { describe, expect, test } from 'vitest';
import { HelloReader, readHello } from './hello.ts';

const nameList = (names: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(names.length);
  return Buffer.concat([length, Buffer.from(names)]);
};
const packet = (payload: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + 1 + 4);
  head.writeUInt8(4, 4);
  return Buffer.concat([head, payload, Buffer.alloc(4)]);
};
const LISTS = [
  'curve25519-sha256,kex-strict-s',
  'ssh-ed25519,rsa-sha2-512',
  'aes128-ctr',
  'aes256-ctr',
  'hmac-sha1',
  'hmac-md5',
  'none',
  'zlib',
  '',
  '',
];
const kexInit = packet(Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 7), ...LISTS.map(nameList), Buffer.alloc(5)]));
const IDENT = 'SSH-2.0-OpenSSH_9.2p1 Debian\r\n';

describe('what a host says first', () => {
  test('is its identification and the algorithms it offers, whatever stands before and in whatever pieces it comes', () => {
    const debug = packet(Buffer.from([4, 0, 0, 0, 0]));
    const bytes = Buffer.concat([Buffer.from(`Welcome\r\nto the host\r\n${IDENT}`), debug, kexInit]);
    const reader = new HelloReader();
    for (const byte of bytes) reader.take(Buffer.from([byte]));
    expect(reader.done).toBe(true);
    expect(reader.hello).toEqual({
      ident: 'SSH-2.0-OpenSSH_9.2p1 Debian',
      text: 'Welcome to the host',
      spoke: true,
      offers: {
        kex: ['curve25519-sha256', 'kex-strict-s'],
        serverHostKey: ['ssh-ed25519', 'rsa-sha2-512'],
        cipher: ['aes128-ctr'],
        hmac: ['hmac-sha1'],
        compress: ['none'],
      },
    });
  });

  test.each([
    ['nothing', Buffer.alloc(0), { ident: null, spoke: false, text: '' }],
    ['another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), { ident: null, spoke: true, text: 'HTTP/1.1 400 Bad Request' }],
    ['half an identification', Buffer.from('SSH-2.0-Op'), { ident: null, spoke: true, text: '' }],
    ['an identification alone', Buffer.from(IDENT), { ident: 'SSH-2.0-OpenSSH_9.2p1 Debian', offers: null }],
    ['a packet cut short', Buffer.concat([Buffer.from(IDENT), kexInit.subarray(0, 40)]), { offers: null }],
    [
      'a list longer than its packet',
      Buffer.concat([Buffer.from(IDENT), packet(Buffer.concat([Buffer.from([20]), Buffer.alloc(20, 255)]))]),
      { offers: null },
    ],
    ['a length of nothing', Buffer.concat([Buffer.from(IDENT), Buffer.alloc(64)]), { offers: null }],
  ])('may be %s', (_what, bytes, hello) => {
    expect(readHello(bytes)).toMatchObject(hello);
  });

  test('is not kept beyond what can be part of it', () => {
    const reader = new HelloReader();
    for (let sent = 0; sent < 100; sent += 1) reader.take(Buffer.alloc(1000, 'x'));
    expect(reader.done).toBe(true);
    expect(reader.hello.text).toHaveLength(200);
  });
});
