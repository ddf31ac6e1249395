/** Definitions written to do harm, each by what it tries: its text. Every one of them must be refused in words. */
export const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  // The text itself
  ['nothing', ''],
  ['white space only', ' \n\t\n'],
  ['a comment only', '# nothing\n'],
  ['a NUL byte', 'name: a\0b\nsteps: []\n'],
  ['a lone surrogate', JSON.stringify({ name: 'a', description: '\ud800', steps: 1 })],
  ['a byte order mark and garbage', '\ufeff\u0001\u0002\u0003'],
  ['more bytes than allowed', `name: big\ndescription: ${'x'.repeat(300_000)}\nsteps: []\n`],
  ['more bytes than characters', `name: big\ndescription: ${'😀'.repeat(70_000)}\nsteps: []\n`],
  ['one very long line', `name: ${'a'.repeat(200_000)}`],
  ['a hundred thousand lines', 'a\n'.repeat(100_000)],
  ['carriage returns alone', 'name: a\rsteps: []\r'],
  ['tabs as indentation', 'name: a\nsteps:\n\t- id: a\n'],
  ['a scalar', '42'],
  ['a list', '[1, 2, 3]'],
  ['null', 'null'],
  ['JSON that ends early', '{"name": "a", "steps": ['],
  ['JSON with a comma too many', '{"name": "a",}'],
  ['JSON and more', '{"name": "a", "steps": []} {"name": "b"}'],
  // YAML
  ['several documents', 'name: a\n---\nname: b\n'],
  ['an end of document and more', 'name: a\n...\nname: b\n'],
  ['an unknown tag', 'name: !!python/object/apply:os.system ["id"]\nsteps: []\n'],
  ['a local tag', 'name: !secret a\nsteps: []\n'],
  ['binary', 'name: !!binary aGVsbG8=\nsteps: []\n'],
  ['a set', 'name: a\nsteps: !!set { a, b }\n'],
  ['an ordered map', 'name: a\nsteps: !!omap [ a: 1, b: 2 ]\n'],
  ['a merge key', 'base: &b { id: a, type: local.exec }\nname: a\nsteps: [ { <<: *b } ]\n'],
  ['an alias of nothing', 'name: *nobody\nsteps: []\n'],
  ['an alias of itself', 'name: &a [ *a ]\nsteps: []\n'],
  ['an alias bomb', bomb(9, 9)],
  ['a wide alias bomb', `a: &a [${'x,'.repeat(1000)}x]\nb: [${'*a,'.repeat(1000)}*a]\nname: a\n`],
  ['many anchors', `${Array.from({ length: 5000 }, (_, n) => `k${n}: &a${n} ${n}`).join('\n')}\nname: a\n`],
  ['duplicate keys', 'name: a\nname: b\nsteps: []\n'],
  ['duplicate keys in JSON', '{"name": "a", "name": "b", "steps": []}'],
  ['a key that is a list', '? [a, b]\n: 1\nname: a\n'],
  ['a key that is an object', '? { a: 1 }\n: 1\nname: a\n'],
  ['a key that is null', '~: 1\nname: a\nsteps: []\n'],
  ['a number beyond 2^53', 'name: a\npriority: 9007199254740993\nsteps: []\n'],
  ['a number of a thousand digits', `name: a\npriority: ${'9'.repeat(1000)}\nsteps: []\n`],
  ['infinity', 'name: a\npriority: .inf\nsteps: []\n'],
  ['not a number', 'name: a\npriority: .nan\nsteps: []\n'],
  ['an octal priority', 'name: a\npriority: 0o17\nsteps: []\n'],
  ['nested lists', `name: a\nsteps: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
  ['nested lists left open', `name: a\nsteps: ${'['.repeat(100_000)}\n`],
  ['nested objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['nested blocks', Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ['a staircase of dashes', `${'- '.repeat(20_000)}a`],
  // Names that mean something to JavaScript
  ['__proto__ as a field', '{"__proto__": {"steps": []}, "name": "a"}'],
  ['__proto__ as a parameter', job({ parameters: '{"__proto__": {"type": "string"}}' })],
  ['constructor as a field', 'constructor: 1\nname: a\nsteps: []\n'],
  ['toString as a step type', 'name: a\nsteps: [ { id: a, type: toString } ]\n'],
  ['hasOwnProperty as a need', 'name: a\nsteps: [ { id: a, type: local.exec, config: { command: "true" }, needs: [hasOwnProperty] } ]\n'],
  ['__proto__ as a config field', step('{"command": "true", "__proto__": {"x": 1}}')],
  // Shape
  ['a name with a slash', 'name: ../../etc/passwd\nsteps: []\n'],
  ['a reserved name', 'name: import\nsteps: [ { id: a, type: local.exec, config: { command: "true" } } ]\n'],
  ['no steps', 'name: a\nsteps: []\n'],
  [
    'too many steps',
    `name: a\nsteps:\n${Array.from({ length: 600 }, (_, n) => `  - { id: s${n}, type: local.exec, config: { command: "true" } }`).join('\n')}\n`,
  ],
  [
    'too many parameters',
    job({ parameters: JSON.stringify(Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`p${n}`, { type: 'string' }]))) }),
  ],
  ['ten thousand wrong fields', `name: a\n${Array.from({ length: 9_000 }, (_, n) => `w${n}: 1`).join('\n')}\nsteps: []\n`],
  ['a list of ten thousand wrong items', `{"name": "a", "steps": [], "tags": [${'1,'.repeat(9_999)}1]}`],
  [
    'a cycle of all steps',
    `name: a\nsteps:\n${Array.from({ length: 500 }, (_, n) => `  - { id: s${n}, type: local.exec, needs: [s${(n + 1) % 500}], config: { command: "true" } }`).join('\n')}\n`,
  ],
  [
    'every step needing every other',
    `name: a\nsteps:\n${Array.from({ length: 150 }, (_, n) => `  - { id: s${n}, type: local.exec, needs: [${Array.from({ length: 150 }, (_, m) => `s${m}`).join(',')}], config: { command: "true" } }`).join('\n')}\n`,
  ],
  [
    'a duration without end',
    'name: a\nlimits: { timeout: 99999999999999999999d }\nsteps: [ { id: a, type: local.exec, config: { command: "true" } } ]\n',
  ],
  ['a zone with a path', 'name: a\ntimezone: ../../etc/localtime\nsteps: [ { id: a, type: local.exec, config: { command: "true" } } ]\n'],
  // Parameters
  ['a pattern RE2 has not', job({ parameters: '{"p": {"type": "string", "pattern": "(?=a)b"}}' })],
  ['a pattern too large', job({ parameters: '{"p": {"type": "string", "pattern": "((a{1,500}){1,500}){1,500}"}}' })],
  [
    'a default that a slow pattern refuses',
    job({ parameters: `{"p": {"type": "string", "pattern": "^(a+)+$", "default": "${'a'.repeat(5_000)}!"}}` }),
  ],
  ['a schema that is itself', job({ parameters: '{"p": {"$ref": "#"}}' })],
  ['a schema elsewhere', job({ parameters: '{"p": {"$ref": "http://169.254.169.254/schema"}}' })],
  ['an unknown type', job({ parameters: '{"p": {"type": "strnig"}}' })],
  ['a keyword of another type', job({ parameters: '{"p": {"type": "string", "minimum": "1"}}' })],
  [
    'objects that must be unique',
    job({
      parameters: `{"p": {"type": "array", "uniqueItems": true, "items": {"type": "object"}, "default": [${'{"a":1},'.repeat(3_000)}{"a":1}]}}`,
    }),
  ],
  [
    'a nested parameter without end',
    job({ parameters: `{"p": ${'{"type":"array","items":'.repeat(40)}{"type":"string"}${'}'.repeat(40)}}` }),
  ],
  // Expressions
  ['an expression that is not closed', step('{"command": "true", "stdin": "${{ parameters.x"}')],
  ['five hundred parentheses', step(`{"command": "true", "stdin": "\${{ ${'('.repeat(500)}1${')'.repeat(500)} }}"}`)],
  ['two thousand additions', step(`{"command": "true", "stdin": "\${{ 1${' + 1'.repeat(2_000)} }}"}`)],
  ['a source of a megabyte', step(`{"command": "true", "stdin": "\${{ '${'x'.repeat(200_000)}' }}"}`)],
  ['comprehensions in comprehensions', step('{"command": "true", "stdin": "${{ [1].map(a, [1].map(b, [1].map(c, 1))) }}"}')],
  ['a name nobody has', step('{"command": "true", "stdin": "${{ process.env.HOME }}"}')],
  ['a way to the constructor', step('{"command": "true", "stdin": "${{ steps.constructor.constructor }}"}')],
  ['a value pasted into a shell', job({ parameters: '{"p": {"type": "string"}}', command: 'rm -rf ${{ parameters.p }}' })],
  ['an enum that breaks out', job({ parameters: '{"p": {"type": "string", "enum": ["; reboot"]}}', command: 'echo ${{ parameters.p }}' })],
  ['expressions everywhere', step(`{"command": "true", "stdin": "${'${{ x }}'.repeat(5_000)}"}`)],
  [
    'a zone argument, whose data change',
    step(`{"command": "true", "stdin": "\${{ timestamp(run.started_at).getHours('Europe/Berlin') }}"}`),
  ],
  [
    'a secret as an expression',
    'name: a\nsteps: [ { id: a, type: local.exec, config: { command: "true" }, secrets: { A: "${{ parameters.x }}" } } ]\n',
  ],
  [
    'items that are a million',
    `name: a\nsteps: [ { id: a, type: local.exec, foreach: [${'1,'.repeat(10_001)}1], config: { command: "true" } } ]\n`,
  ],
];

/** A list of lists of lists: nine to the ninth values of a few lines. */
function bomb(width: number, depth: number): string {
  const lines = Array.from(
    { length: depth },
    (_, n) => `a${n}: &a${n} [${Array.from({ length: width }, () => (n === 0 ? 'x' : `*a${n - 1}`)).join(',')}]`,
  );
  return `${lines.join('\n')}\nname: a\nsteps: []\n`;
}

function job({ parameters, command = 'true' }: { readonly parameters: string; readonly command?: string }): string {
  const steps = JSON.stringify([{ id: 'a', type: 'local.exec', config: { command } }]);
  return `{"name": "hostile", "parameters": ${parameters}, "steps": ${steps}}`;
}

function step(config: string): string {
  return `{"name": "hostile", "steps": [{"id": "a", "type": "local.exec", "config": ${config}}]}`;
}
