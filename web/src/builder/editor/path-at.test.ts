import { expect, test } from 'vitest';
import { aroundEnd } from './path-at.ts';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['na', [], []],
  ['name: x\n', [], ['name']],
  ['steps:\n  - id: a\n    ty', ['steps', '*'], ['id']],
  ['steps:\n- id: a\n  ty', ['steps', '*'], ['id']],
  ['steps:\n  - ', ['steps', '*'], []],
  ['steps:\n  - id: a\n    config:\n      com', ['steps', '*', 'config'], []],
  ['steps:\n  - id: a\n    config:\n      command: x\n      # no\n\n      env', ['steps', '*', 'config'], ['command']],
  ['steps:\n  - id: a\n    needs:\n      - ', ['steps', '*', 'needs', '*'], []],
  ['steps:\n  - id: a\n    type: x\n  - id: b\n    ', ['steps', '*'], ['id']],
  ['steps:\n  - id: a\n    retry: {}\n    config:\n      a:\n        - b: 1\n          c', ['steps', '*', 'config', 'a', '*'], ['b']],
  ['parameters:\n  site:\n    type: string\nste', [], ['parameters']],
])('%j is about %j beside %j', (text, path, beside) => {
  const around = aroundEnd(text.split('\n'));
  expect(around.path).toEqual(path);
  expect(around.beside.toSorted()).toEqual(beside.toSorted());
});
