import ipaddr from 'ipaddr.js';

/** Whether a request may go to an address, and if not, why. */
export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly because: string };

/** A destination as it is about to be connected to. */
export interface Destination {
  /** As the URL names it. */
  readonly host: string;
  readonly port: number;
  /** As it resolved; the connection goes to this very address. */
  readonly address: string;
}

/** Addresses by which clouds tell machines their secrets; beside all of link-local. */
const METADATA = [
  '169.254.169.254/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
].map((range) => ipaddr.parseCIDR(range));

/** Ranges of ipaddr.js that lead to the worker itself or its own network; any other special range leads nowhere. */
const OWN_NETWORK = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat', 'unspecified']);

/**
 * Judges a resolved address. Link-local and metadata addresses are always refused; loopback and private ones unless an entry of `allow`
 * (`host`, `host:port`, an address or a CIDR range) names them. An IPv4 address inside an IPv6 one is judged as itself.
 */
export function judgeAddress(destination: Destination, allow: readonly string[]): Verdict {
  const { address } = destination;
  if (!ipaddr.isValid(address)) return { allowed: false, because: `${address} is no address` };
  const real = embeddedIpv4(ipaddr.parse(address));
  const range = real.range();
  if (range === 'linkLocal' || METADATA.some((entry) => isIn(real, entry))) {
    return { allowed: false, because: `${address} is a link-local or metadata address, which is never allowed` };
  }
  if (range === 'unicast') return { allowed: true };
  if (!OWN_NETWORK.has(range)) return { allowed: false, because: `${address} is ${range}, not an address to send requests to` };
  if (allow.some((entry) => covers(entry, destination, real))) return { allowed: true };
  return {
    allowed: false,
    because: `${address} is ${range === 'loopback' ? 'a loopback' : 'a private'} address; worker.http_allow does not name it`,
  };
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The IPv4 address that a mapped, NAT64, 6to4 or Teredo address leads to, else the address itself. */
function embeddedIpv4(address: Address): Address {
  if (address.kind() === 'ipv4') return address;
  const v6 = address as ipaddr.IPv6;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address();
  const bytes = v6.toByteArray();
  const at = (from: number): Address => ipaddr.fromByteArray(bytes.slice(from, from + 4));
  switch (v6.range()) {
    case 'rfc6052':
    case 'rfc6145':
      return at(12);
    case '6to4':
      return at(2);
    case 'teredo':
      return ipaddr.fromByteArray(bytes.slice(12).map((byte) => byte ^ 0xff));
    default:
      // ::a.b.c.d, deprecated but still understood by some stacks.
      return bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 14).some((byte) => byte !== 0) ? at(12) : v6;
  }
}

const isIn = (address: Address, [network, bits]: readonly [Address, number]): boolean =>
  address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4, number]);

function covers(entry: string, { host, port }: Destination, address: Address): boolean {
  const text = entry.toLowerCase();
  if (text.includes('/')) return ipaddr.isValidCIDR(text) && isIn(address, ipaddr.parseCIDR(text));
  const { name, port: onlyPort } = splitPort(text);
  if (onlyPort !== null && onlyPort !== port) return false;
  if (ipaddr.isValid(name)) return ipaddr.parse(name).toNormalizedString() === address.toNormalizedString();
  return name === host.toLowerCase();
}

function splitPort(entry: string): { readonly name: string; readonly port: number | null } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  const plain = /^([^:]+):(\d+)$/.exec(entry);
  const [, name = entry, port] = bracketed ?? plain ?? [];
  return { name, port: port === undefined ? null : Number(port) };
}
