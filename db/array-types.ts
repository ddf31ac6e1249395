import { parse } from 'postgres-array';

interface ArrayType {
  readonly to: number;
  readonly from: number[];
  readonly serialize: (list: unknown) => string;
  readonly parse: (text: string) => unknown;
}

const same = (text: string): string => text;
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const written = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `{${value.map(written).join(',')}}`;
  if (value === undefined) throw new TypeError('a list for Postgres holds undefined; expected values or null');
  if (value instanceof Date) return quoted(value.toISOString());
  return quoted(String(value));
};

const arrayOf = (oid: number, element: (text: string) => unknown): ArrayType => ({
  to: oid,
  from: [oid],
  // A text is passed on as it is: it may already be an array as Postgres writes one.
  serialize: (list) => (typeof list === 'string' ? list : written(list)),
  parse: (text) => parse(text, element),
});

/**
 * How arrays of each built-in type that we store or bind go out and come back, given the parser of a time: postgres.js would ask every new
 * connection for them, and a connection cut during that question rejects where nobody listens. The numbers are those of `pg_type.typarray`.
 */
export const arrayTypes = (time: (text: string) => unknown) => ({
  names: arrayOf(1003, same),
  smallints: arrayOf(1005, Number),
  integers: arrayOf(1007, Number),
  texts: arrayOf(1009, same),
  varchars: arrayOf(1015, same),
  bigints: arrayOf(1016, Number),
  doubles: arrayOf(1022, Number),
  oids: arrayOf(1028, Number),
  timestamps: arrayOf(1185, time),
  uuids: arrayOf(2951, same),
});
