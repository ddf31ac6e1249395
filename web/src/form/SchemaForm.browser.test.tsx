import { createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import type { Json, JsonSchema } from '#jobs/json.ts';
import type { FieldProblem } from '../api/problem.ts';
import { focusFirstError } from '../components/focus-first-error.ts';
import { draw, expectAccessible } from '../testing/draw.tsx';
import { SchemaForm } from './SchemaForm.tsx';
import type { FieldChoices } from './settings.ts';

const show = (schema: JsonSchema, start?: Json, more: { choices?: (pointer: string) => FieldChoices | undefined } = {}) => {
  const [value, setValue] = createSignal<Json | undefined>(start);
  const [errors, setErrors] = createSignal<readonly FieldProblem[]>([]);
  const box = draw(() => (
    <SchemaForm schema={schema} value={value()} onChange={(next) => setValue(() => next)} errors={errors()} at="/parameters" {...more} />
  ));
  const at = <E extends HTMLElement = HTMLInputElement>(pointer: string, what = 'input, select, textarea'): E => {
    const found = box.querySelector<E>(`[data-pointer="/parameters${pointer}"] :is(${what})`);
    if (!found) throw new Error(`no control at ${pointer}`);
    return found;
  };
  const type = (pointer: string, text: string) => {
    const control = at(pointer);
    control.value = text;
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const press = (name: string) => {
    const button = [...box.querySelectorAll('button')].find((one) => (one.ariaLabel ?? one.textContent) === name);
    if (!button) throw new Error(`no button ${name}`);
    button.click();
  };
  return { box, value, setValue, setErrors, at, type, press };
};

const EVERYTHING: JsonSchema = {
  type: 'object',
  required: ['site', 'count', 'token'],
  properties: {
    site: { type: 'string', enum: ['ber', 'fra'], title: 'Site', description: 'Where it runs' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    ratio: { type: 'number', default: 0.5 },
    force: { type: 'boolean', default: false },
    sure: { type: 'boolean' },
    note: { type: 'string', maxLength: 4000 },
    name: { type: 'string', default: 'edge' },
    token: { type: 'string', secret: true },
    hosts: { type: 'array', items: { type: 'string' } },
    colours: { type: 'array', uniqueItems: true, items: { type: 'string', enum: ['red', 'blue'] } },
    window: {
      type: 'object',
      properties: { from: { type: 'string' }, days: { type: 'array', items: { type: 'integer' } } },
      required: ['from'],
    },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    anything: { type: 'object' },
    always: { type: 'string', const: 'this' },
    either: { oneOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] }] },
  },
};

test('every type of the job language has a control, and none of them fails a reader or a theme', async () => {
  const { box } = show(EVERYTHING, { hosts: ['a', 'b'], labels: { team: 'net' }, window: { days: [1] }, either: 'x' });
  expect(box.querySelectorAll('[data-pointer]').length).toBeGreaterThan(15);
  expect(box.querySelector<HTMLInputElement>('input[type=password]')?.autocomplete).toBe('new-password');
  await expectAccessible(box);
});

test('what is typed becomes values of the schema’s types; what is emptied is left out', () => {
  const { value, type, at } = show(EVERYTHING, {});
  type('/count', '7');
  type('/site', '1');
  type('/anything', '{"a": [1]}');
  type('/window/from', 'noon');
  at('/force').click();
  type('/sure', 'true');
  expect(value()).toEqual({ count: 7, site: 'fra', anything: { a: [1] }, window: { from: 'noon' }, force: true, sure: true });
  type('/count', '');
  type('/anything', '');
  expect(value()).toEqual({ site: 'fra', window: { from: 'noon' }, force: true, sure: true });
});

test('what is no number and no JSON stays as it was typed, for the check to name', () => {
  const { value, type, at } = show(EVERYTHING, {});
  type('/count', '7x');
  type('/anything', '{"a"');
  expect(value()).toEqual({ count: '7x', anything: '{"a"' });
  expect(at('/count').value).toBe('7x');
  expect(at('/anything').value).toBe('{"a"');
});

test('a number keeps the form it is typed in', () => {
  const { value, type, at } = show(EVERYTHING, {});
  type('/ratio', '1.50');
  expect(value()).toEqual({ ratio: 1.5 });
  expect(at('/ratio').value).toBe('1.50');
});

test('a default is told of, can be emptied, and comes back', () => {
  const { box, value, type, press } = show(EVERYTHING, { name: 'edge' });
  expect(box.textContent).toContain('Default: 0.5');
  type('/name', '');
  expect(value()).toEqual({ name: '' });
  press('Use default');
  expect(value()).toEqual({});
});

test('lists grow, move and shrink by buttons, and the focus stays with them', async () => {
  const { box, value, press, type } = show({ type: 'object', properties: { hosts: { type: 'array', items: { type: 'string' } } } }, {});
  press('Add to hosts');
  type('/hosts/0', 'a');
  press('Add to hosts');
  type('/hosts/1', 'b');
  await expect.poll(() => document.activeElement?.closest('[data-pointer]')?.getAttribute('data-pointer')).toBe('/parameters/hosts/1');
  press('Move Entry 2 up');
  expect(value()).toEqual({ hosts: ['b', 'a'] });
  press('Remove Entry 1');
  expect(value()).toEqual({ hosts: ['a'] });
  press('Remove Entry 1');
  expect(value()).toEqual({});
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Add to hosts');
  await expectAccessible(box);
});

test('a list of thousands draws some and says how many more there are', () => {
  const { box } = show(
    { type: 'object', properties: { hosts: { type: 'array', items: { type: 'string' } } } },
    { hosts: Array(3000).fill('x') },
  );
  expect(box.querySelectorAll('input').length).toBe(50);
  expect(box.textContent).toContain('2,950 more entries');
});

test('entries by name can be renamed in place, but not to a name that is taken', () => {
  const { value, press, box } = show(
    { type: 'object', properties: { labels: EVERYTHING.properties?.labels ?? {} } },
    { labels: { a: '1', b: '2' } },
  );
  const names = () => [...box.querySelectorAll<HTMLInputElement>('.grid > :first-child input')];
  const rename = (at: number, to: string) => {
    const input = names()[at] as HTMLInputElement;
    input.value = to;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  rename(0, 'c');
  expect(JSON.stringify(value())).toBe('{"labels":{"c":"1","b":"2"}}');
  rename(0, 'b');
  expect(box.textContent).toContain('This name is taken.');
  expect(JSON.stringify(value())).toBe('{"labels":{"c":"1","b":"2"}}');
  press('Remove c');
  expect(value()).toEqual({ labels: { b: '2' } });
});

test('a value of several forms is asked for in the form that was picked', () => {
  const { value, type, at } = show(EVERYTHING, {});
  type('/either', '1');
  expect(value()).toEqual({ either: {} });
  type('/either/id', '4');
  expect(value()).toEqual({ either: { id: 4 } });
  expect(at('/either').value).toBe('1');
});

test('errors stand at their fields without repeating the place, and the first takes the focus', async () => {
  const { box, setErrors, at } = show(EVERYTHING, { window: {}, anything: {} });
  setErrors([
    { pointer: '/parameters/window/from', message: 'parameters.window.from: is missing (text)' },
    { pointer: '/parameters/anything/deep', message: 'parameters.anything.deep: 3 is not text' },
    { pointer: '/parameters/oops', message: 'parameters.oops: unknown field' },
  ]);
  const from = at('/window/from');
  expect(from.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(from.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Is missing (text)');
  expect(at('/anything').getAttribute('aria-invalid')).toBe('true');
  expect(box.textContent).toContain('parameters.oops: unknown field');
  focusFirstError(box);
  await expect.poll(() => document.activeElement).toBe(from);
  await expectAccessible(box);
});

test('values found out elsewhere are offered, and a failure to find them says so and can be asked again', () => {
  const [found, setFound] = createSignal<FieldChoices>({
    items: undefined,
    error: undefined,
    again: () => setFound((one) => ({ ...one, items: ['x', 'y'], error: undefined })),
    strict: true,
  });
  const { box, value, type, press } = show(
    { type: 'object', properties: { city: { type: 'string' } } },
    {},
    { choices: (pointer) => (pointer === '/parameters/city' ? found() : undefined) },
  );
  expect(box.textContent).toContain('Loading choices…');
  setFound((one) => ({ ...one, error: 'no answer' }));
  expect(box.textContent).toContain('no answer');
  press('Load again');
  type('/city', '1');
  expect(value()).toEqual({ city: 'y' });
});

test('a choice among found values alone is one box from first to last, and keeps what stands there while they are looked for', () => {
  const found = (items: readonly Json[] | undefined): FieldChoices => ({ items, error: undefined, again: () => {}, strict: true });
  const [choices, setChoices] = createSignal(found(undefined));
  const { at, value, type } = show(
    { type: 'object', properties: { city: { type: 'string' } } },
    { city: 'x' },
    { choices: (pointer) => (pointer === '/parameters/city' ? choices() : undefined) },
  );
  const box = at<HTMLSelectElement>('/city');
  expect([box.tagName, box.selectedOptions[0]?.textContent]).toEqual(['SELECT', 'x']);
  setChoices(found(['x', 'y']));
  expect(at('/city')).toBe(box);
  type('/city', '1');
  setChoices(found(undefined));
  expect([at('/city'), value()]).toEqual([box, { city: 'y' }]);
});

test('a secret of several lines keeps them, covered, and the focus stays in it', async () => {
  const { value, at } = show(EVERYTHING, { token: 'a' });
  const pasted = new DataTransfer();
  pasted.setData('text/plain', '-----BEGIN\nKEY\n');
  at('/token').focus();
  at('/token').setSelectionRange(1, 1);
  at('/token').dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }));
  expect(value()).toEqual({ token: 'a-----BEGIN\nKEY\n' });
  await expect.poll(() => document.activeElement).toBe(at('/token'));
  expect(getComputedStyle(at('/token')).getPropertyValue('-webkit-text-security')).toBe('disc');
});

test('a whole number that no number here holds exactly stays as it was typed', () => {
  const { value, type } = show(EVERYTHING, {});
  type('/count', '9007199254740993');
  expect(value()).toEqual({ count: '9007199254740993' });
  type('/count', '9007199254740991');
  expect(value()).toEqual({ count: 9_007_199_254_740_991 });
});

test('an optional object is left out with its last field, a required one stays, and a group finds back to its default', () => {
  const window = EVERYTHING.properties?.window ?? {};
  const hosts = { type: 'array', items: { type: 'string' }, default: ['a'] };
  const { value, type, press, setValue } = show(
    { type: 'object', required: ['needed'], properties: { window, needed: window, hosts } },
    { window: { from: 'noon' }, needed: { from: 'noon' } },
  );
  type('/window/from', '');
  type('/needed/from', '');
  expect(value()).toEqual({ needed: {} });
  setValue({ needed: {}, hosts: ['b'] });
  press('Use default');
  expect(value()).toEqual({ needed: {} });
});

test('an entry needs a name, and what was said of one entry is not said of the next', async () => {
  const { box, value, press } = show(
    { type: 'object', properties: { labels: EVERYTHING.properties?.labels ?? {} } },
    { labels: { a: '1', b: '2' } },
  );
  const second = () => box.querySelectorAll<HTMLInputElement>('.grid > :first-child input')[1] as HTMLInputElement;
  second().value = '';
  second().dispatchEvent(new Event('change', { bubbles: true }));
  expect(box.textContent).toContain('A name is needed.');
  press('Remove a');
  expect(value()).toEqual({ labels: { b: '2' } });
  await expect.poll(() => box.textContent).not.toContain('A name is needed.');
});

test('errors at ticks and at values whose form is not chosen yet are tied to their controls', async () => {
  const { box, setErrors, at } = show(EVERYTHING, {});
  setErrors([
    { pointer: '/parameters/force', message: 'parameters.force: not today' },
    { pointer: '/parameters/either', message: 'parameters.either: is missing' },
  ]);
  expect(document.getElementById(at('/force').getAttribute('aria-describedby') ?? '')?.textContent).toBe('Not today');
  expect(at('/either').getAttribute('aria-invalid')).toBe('true');
  expect(box.textContent).toContain('Is missing');
  await expectAccessible(box);
});

test('fields stand by their order, under their headings', () => {
  const schema = {
    type: 'object',
    properties: { b: { type: 'string', order: 2, group: 'Where' }, c: { type: 'string' }, a: { type: 'string', order: 1, group: 'Where' } },
  } as JsonSchema;
  const { box } = show(schema, {});
  expect([...box.querySelectorAll('label, h3')].map((one) => one.textContent)).toEqual(['c', 'Where', 'a', 'b']);
});

test('hostile names and values stand as text', async () => {
  const { box } = show(
    { type: 'object', properties: { '<img src=x onerror=alert(1)>': { type: 'string', description: '\u202eevil' } } },
    { '<img src=x onerror=alert(1)>': '\u0000\ud800' },
  );
  expect(box.querySelector('img')).toBeNull();
  await expectAccessible(box);
});
