import type { Value } from '../value.ts';
import type { FunctionTable } from './table.ts';

const INT_MAX = 2n ** 63n - 1n;

/** Conversions between the scalar types. */
export const NUMBER_FUNCTIONS: FunctionTable = {
  'dyn(dyn): dyn': (value: Value) => value,
  'int(int): int': (value: bigint) => value,
  'int(double): int': (value: number) => {
    if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new Error(`${value} is not in the range of integers`);
    return BigInt(Math.trunc(value));
  },
  'int(string): int': (text: string) => {
    const value = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace('+', '')) : null;
    if (value === null || value > INT_MAX || value < -INT_MAX - 1n) throw notA('an integer', text);
    return value;
  },
  'double(double): double': (value: number) => value,
  'double(int): double': Number,
  'double(string): double': (text: string) => {
    if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw notA('a number', text);
    return Number(text);
  },
  'bool(bool): bool': (value: boolean) => value,
  'bool(string): bool': (text: string) => {
    if (/^(1|t|true|TRUE|True)$/.test(text)) return true;
    if (/^(0|f|false|FALSE|False)$/.test(text)) return false;
    throw notA('true or false', text);
  },
  'string(string): string': (text: string) => text,
  'string(int): string': String,
  'string(double): string': String,
  'string(bool): string': String,
};

const notA = (expected: string, text: string): Error => new Error(`${JSON.stringify(text.slice(0, 60))} is not ${expected}`);

/** Arithmetic between whole and fractional numbers: JSON has one kind of number, so `2` and `2.5` must add up. */
export const NUMBER_OPERATORS = {
  ...mixed('int', 'double'),
  ...mixed('double', 'int'),
  'int == double: bool': (a: bigint, b: number) => Number(a) === b,
} as const;

function mixed(left: string, right: string) {
  return {
    [`${left} + ${right}: double`]: (a: bigint | number, b: bigint | number) => Number(a) + Number(b),
    [`${left} - ${right}: double`]: (a: bigint | number, b: bigint | number) => Number(a) - Number(b),
    [`${left} * ${right}: double`]: (a: bigint | number, b: bigint | number) => Number(a) * Number(b),
    [`${left} / ${right}: double`]: (a: bigint | number, b: bigint | number) => Number(a) / Number(b),
  };
}
