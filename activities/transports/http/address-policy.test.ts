import { describe, expect, test } from 'vitest';
import { judgeAddress } from './address-policy.ts';

const judge = (address: string, allow: readonly string[] = [], host = address, port = 443) =>
  judgeAddress({ host, port, address }, allow).allowed;

const EVERYTHING = ['0.0.0.0/0', '::/0'];

describe('link-local and metadata addresses are refused whatever is allowed', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::',
    'fe80::1',
    'febf::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '::ffff:100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
  ])('%s', (address) => {
    expect(judge(address, [...EVERYTHING, address])).toBe(false);
  });
});

describe('loopback and private addresses are refused unless allowed', () => {
  test.each([
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::ffff:192.168.1.1',
    '100.64.0.1',
    'fc00::1',
    'fd12:3456::1',
  ])('%s', (address) => {
    expect(judge(address)).toBe(false);
    expect(judge(address, EVERYTHING)).toBe(true);
  });
});

describe('addresses that no server has are refused', () => {
  test.each(['224.0.0.1', '255.255.255.255', '240.0.0.1', 'ff02::1', '2001:db8::1', '192.0.2.1', 'not-an-address', ''])('%s', (address) => {
    expect(judge(address, EVERYTHING)).toBe(false);
  });
});

describe('public addresses are allowed', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s', (address) => {
    expect(judge(address)).toBe(true);
  });
});

describe('an entry of the allow list covers', () => {
  test.each([
    ['an address', '127.0.0.1', true],
    ['an address and port', '127.0.0.1:8420', true],
    ['another port', '127.0.0.1:80', false],
    ['a range', '127.0.0.0/8', true],
    ['another range', '10.0.0.0/8', false],
    ['the host as the URL names it', 'app.internal', true],
    ['the host and port', 'APP.internal:8420', true],
    ['another host', 'internal', false],
    ['nothing', '', false],
  ])('%s', (_what, entry, expected) => {
    expect(judge('127.0.0.1', [entry], 'app.internal', 8420)).toBe(expected);
  });

  test('an IPv6 address in brackets, with or without port', () => {
    expect(judge('::1', ['[::1]:8420'], '::1', 8420)).toBe(true);
    expect(judge('::1', ['[::1]:8421'], '::1', 8420)).toBe(false);
    expect(judge('::1', ['::1'], '::1', 8420)).toBe(true);
  });
});
