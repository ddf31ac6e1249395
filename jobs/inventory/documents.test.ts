import { expect, test } from 'vitest';
import { parseCsv } from './csv.ts';
import { parseTargets } from './document.ts';

test('targets in YAML keep their lines, and user is username', () => {
  expect(parseTargets('targets:\n  - name: a\n    host: x\n    user: ops\n  - { name: b, port: 22 }\n')).toEqual({
    entries: [
      { name: 'a', line: 2, fields: { host: 'x', username: 'ops' } },
      { name: 'b', line: 5, fields: { port: 22 } },
    ],
    problems: [],
  });
});

test.each([
  ['nothing: here', 1, 'expected a list of targets'],
  ['- host: x', 1, 'expected a target with a name'],
  ['- { name: a, user: x, username: y }', 1, 'says both user and username'],
  ['- name: a\n  name: b', 2, 'stands twice'],
  ['- name: [', 1, ''],
])('%j is refused at line %i', (text, line, message) => {
  expect(parseTargets(text).problems[0]).toMatchObject({ line, message: expect.stringContaining(message) });
});

test('a table may come from a spreadsheet: byte order mark, semicolons, quotes over lines, attributes in columns', () => {
  expect(
    parseCsv(
      '\uFEFFName;user;port;enabled;description;attributes.site;attributes.rank\r\na;ops;22;no;"two\r\nlines; ""so""";ber;\r\n\r\nb;;;;;;\r\n',
    ),
  ).toEqual({
    entries: [
      {
        name: 'a',
        line: 2,
        fields: { username: 'ops', port: 22, enabled: false, description: 'two\r\nlines; "so"', attributes: { site: 'ber' } },
      },
      { name: 'b', line: 5, fields: { username: null, port: null, enabled: true, description: null, attributes: {} } },
    ],
    problems: [],
  });
});

test('an attribute in a column keeps its name as it is written', () => {
  expect(parseCsv('NAME,Attributes.rackUnit\na,7\n').entries).toMatchObject([{ name: 'a', fields: { attributes: { rackUnit: '7' } } }]);
});

test.each([
  [`name${',x'.repeat(500)}`, 1, 'more than 500 columns'],
  ['host\nx', 1, 'one of them must be name'],
  ['name,hots\na,x', 1, '"hots" is no column; did you mean "host"?'],
  ['name,host,host\na,x,y', 1, 'stands twice'],
  ['name,host\na', 2, 'has 1 cells; expected 2'],
  ['name,enabled\na,maybe', 2, 'enabled: "maybe" is neither true nor false'],
  ['name,attributes\na,{', 2, 'is not JSON'],
  ['name,host\n"a,x', 2, 'never closed'],
  ['name,host\n"a"b,x', 2, 'stands behind'],
])('%j is refused at line %i', (text, line, message) => {
  expect(parseCsv(text).problems[0]).toMatchObject({ line, message: expect.stringContaining(message) });
});
