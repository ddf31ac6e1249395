import { expect, test } from 'vitest';
import { checkExpression } from './check.ts';
import { failureOf, scope } from './example-run.ts';

/** Refused when a job is saved; each fails when it is evaluated too. */
const REFUSED: readonly (readonly [source: string, says: string, column: number])[] = [
  // syntax
  ['', 'it is empty', 1],
  ['1 +', 'it ends too early', 4],
  ['a b', "unexpected character: 'b'", 3],
  ['(1', 'it ends too early', 3],
  ['"abc', 'unterminated string', 1],
  ['1 @ 2', 'unexpected character: @', 3],
  ['[1, 2', 'it ends too early', 6],
  ['"\\q"', 'invalid escape sequence', 2],
  ['parameters.', 'it ends too early', 12],
  ['if', 'reserved identifier: if', 1],
  ['__proto__', 'reserved identifier: __proto__', 1],
  // names
  ['site', 'write parameters.site', 1],
  ['show.status', 'write steps.show', 1],
  ['now', 'there is no variable "now"', 1],
  ['result', 'there is no variable "result"', 1],
  ['google.protobuf', 'there is no variable "google"', 1],
  ['int', 'there is no variable "int"', 1],
  ['constructor', 'there is no variable "constructor"', 1],
  ['parameters.sit', 'there is no parameter "sit"; did you mean "site"?', 12],
  ['parameters["sit"]', 'there is no parameter "sit"', 1],
  ['parameters.constructor', 'there is no parameter "constructor"', 12],
  ['parameters.__proto__', 'there is no parameter "__proto__"', 12],
  ['steps.shwo.status', 'there is no step "shwo"; did you mean "show"?', 7],
  ['steps.show.state', 'there is no field "state"', 12],
  ['steps.show.outputs.stdot', 'there is no output "stdot"; did you mean "stdout"?', 20],
  ['steps.my-step.status', 'write ["my-step"] for a name with a dash', 7],
  ['run.started', 'there is no field "started"; there is id, job, started_at', 5],
  ['parameters.hosts.map(h, h.nam)', 'there is no field "nam"; did you mean "name"?', 27],
  ['parameters.hosts[0].prt', 'there is no field "prt"', 21],
  ['timestamp(0).nanos', 'there is no "nanos"', 14],
  // functions
  ['now()', 'there is no function "now"', 1],
  ['sizee("a")', 'there is no function "sizee"; did you mean "size"?', 1],
  ['f_size("a")', 'there is no function "f_size"', 1],
  ['type(1)', 'there is no function "type"', 1],
  ['uint(1)', 'there is no function "uint"', 1],
  ['bytes("a")', 'there is no function "bytes"', 1],
  ['optional.of(1)', 'there is no function "of"', 1],
  ['"a".format([1])', 'there is no function "format"', 1],
  ['has(1)', 'has() invalid argument', 5],
  ['has(parameters)', 'has() invalid argument', 5],
  ['all([1], x)', 'all is written list.all(x, condition)', 1],
  ['[1].map(x)', 'map is written list.map(x, expression)', 1],
  ['default(1)', 'default is written default(value, fallback)', 1],
  ['[1].map("x", 1)', 'invalid predicate iteration variable', 9],
  // what is not offered
  ['1u', 'unsigned integers are not offered', 1],
  ['b"x"', 'bytes are not offered', 1],
  ['{1: 2}', 'keys of an object are texts', 2],
  ['{"a": 1, "a": 2}', 'the key "a" stands twice', 10],
  ['timestamp(0).getHours("Europe/Berlin")', 'takes no time zone', 1],
  ['timestamp(0).getFullYear("UTC")', 'takes no time zone', 1],
  ['parameters.?n', 'expected identifier', 12],
  // types
  ['parameters.n + "x"', 'no operator fits int + string', 1],
  ['parameters.text + 1', 'no operator fits string + int', 1],
  ['parameters.on + 1', 'no operator fits bool + int', 1],
  ['parameters.text - "a"', 'no operator fits string - string', 1],
  ['parameters.ratio % 2', 'no operator fits double % int', 1],
  ['-parameters.text', 'no operator fits -string', 1],
  ['!parameters.n', 'no operator fits !int', 1],
  ['-"a"', 'no operator fits -string', 1],
  ['parameters.n && true', 'Logical operator requires bool', 1],
  ['false || parameters.text', 'Logical operator requires bool', 1],
  ['parameters.n ? 1 : 2', 'condition must be bool', 12],
  ['"a" < 1', 'no operator fits string < int', 1],
  ['parameters.tags < ["a"]', 'no operator fits list<string> < list<string>', 1],
  ['parameters.tags[0] + 1', 'no operator fits string + int', 1],
  ['parameters.tags["a"]', 'list index must be int', 1],
  ['parameters.n.x', "cannot index type 'int'", 14],
  ['parameters.tags + "x"', 'no operator fits list<string> + string', 1],
  ['parameters.n.all(x, true)', 'only a list or an open object can be gone through', 12],
  ['parameters.ports.filter(p, p + 1)', 'predicate must return bool', 28],
  ['parameters.ports.exists(p, p.startsWith("a"))', 'no function fits int.startsWith(string)', 28],
  ['size(1)', 'no function fits size(int)', 1],
  ['parameters.n.size()', 'no function fits int.size()', 1],
  ['parameters.text.contains(1)', 'no function fits string.contains(int)', 1],
  ['parameters.n.startsWith("a")', 'no function fits int.startsWith(string)', 1],
  ['parameters.text.matches(1)', 'no function fits string.matches(int)', 1],
  ['parameters.text.substring("a")', 'no function fits string.substring(string)', 1],
  ['parameters.text.replace("a")', 'no function fits string.replace(string)', 1],
  ['parameters.text.split(1)', 'no function fits string.split(int)', 1],
  ['parameters.ports.join(",")', 'no function fits list.join(string)', 1],
  ['parameters.n.lowerAscii()', 'no function fits int.lowerAscii()', 1],
  ['int(true)', 'no function fits int(bool)', 1],
  ['bool(1)', 'no function fits bool(int)', 1],
  ['double(true)', 'no function fits double(bool)', 1],
  ['string([1])', 'no function fits string(list<int>)', 1],
  ['sha256(1)', 'no function fits sha256(int)', 1],
  ['fromJson(1)', 'no function fits fromJson(int)', 1],
  ['timestamp(true)', 'no function fits timestamp(bool)', 1],
  ['timestamp(0) + 5', 'no operator fits timestamp + int', 1],
  ['timestamp(0) + timestamp(0)', 'no operator fits timestamp + timestamp', 1],
  ['duration("1s") < 5', 'no operator fits duration < int', 1],
  ['duration("1s").getFullYear()', 'no function fits duration.getFullYear()', 1],
  ['run.started_at.getHours()', 'no function fits string.getHours()', 1],
  // written-out values that cannot be read
  ['parameters.text.matches("(")', 'is not a pattern RE2 knows', 25],
  ['parameters.text.matches("(?=a)")', 'is not a pattern RE2 knows', 25],
  ['timestamp("2026-02-30T00:00:00Z")', 'is not a timestamp', 11],
  ['timestamp("Mon Jan 01 2024 00:00:00")', 'is not a timestamp', 11],
  ['duration("1 hour")', 'is not a duration', 10],
];

/** Types the run alone would let pass: refused when saved because it can never be meant. */
const REFUSED_AT_SAVE_ONLY: readonly (readonly [source: string, says: string])[] = [
  ['true || parameters.text', 'logical operator requires bool'],
  ['parameters.text == 1', 'no operator fits string == int'],
  ['parameters.n == null', 'no operator fits int == null'],
  ['parameters.n == "7"', 'no operator fits int == string'],
  ['parameters.site in [1]', 'no operator fits string in list<int>'],
  ['parameters.on ? 1 : "b"', 'must have the same type'],
  ['has(parameters.sit)', 'there is no parameter "sit"'],
  ['default(parameters.sit, 1)', 'there is no parameter "sit"'],
  ['parameters.map(k, k)', 'only a list or an open object can be gone through'],
];

test.each(REFUSED)('%s is refused when saved: %s, column %i', (source, says, column) => {
  const [problem] = checkExpression(source, scope);
  expect(problem?.message.toLowerCase()).toContain(says.toLowerCase());
  expect(problem).toMatchObject({ severity: 'error', line: 1, column });
  expect(failureOf(source)).toMatch(/^StepFailure/);
});

test.each(REFUSED_AT_SAVE_ONLY)('%s is refused when saved: %s', (source, says) => {
  expect(checkExpression(source, scope)).toMatchObject([{ severity: 'error', message: expect.stringContaining(says) }]);
});
