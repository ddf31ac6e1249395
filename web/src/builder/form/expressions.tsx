import { createSignal } from 'solid-js';
import type { FieldTies } from '../../components/Field.tsx';
import { kindOf } from '../../form/kind.ts';
import type { FormField } from '../../form/settings.ts';
import type { Known } from '../expressions/known.ts';
import { t } from '../words.ts';
import { ExpressionInput } from './ExpressionInput.tsx';
import { isExpressionOnly, mayBeExpression } from './schemas.ts';

const isExpression = (value: unknown): boolean => typeof value === 'string' && value.includes('${{');

const textIn = ({ value }: FormField, bare: boolean): string => {
  if (typeof value === 'string') return value;
  return bare ? '' : BRACKETS;
};

/** A line would take the line breaks out of what it is given. */
const hasLines = ({ schema, value }: FormField): boolean =>
  ['lines', 'json'].includes(kindOf(schema)) || (typeof value === 'string' && value.includes('\n'));

/** How fields of the builder's forms take expressions: a toggle beside the label, and an input that completes names in place of the usual control. */
export function expressionFields(known: () => Known, own: () => string | undefined) {
  // Asked for as expressions and still without one.
  const [begun, setBegun] = createSignal<ReadonlySet<string>>(new Set());
  const put = (pointer: string, isOn: boolean) =>
    setBegun((all) => new Set(isOn ? [...all, pointer] : [...all].filter((one) => one !== pointer)));
  const isOn = ({ pointer, value }: FormField) => isExpression(value) || begun().has(pointer);

  const instead = (field: FormField) => {
    const { pointer } = field;
    const bare = isExpressionOnly(pointer);
    if (!bare && (!mayBeExpression(pointer) || !isOn(field))) return undefined;
    return (ties: () => FieldTies) => (
      <ExpressionInput
        ties={ties()}
        text={textIn(field, bare)}
        known={known()}
        own={own()}
        bare={bare}
        lines={hasLines(field)}
        change={(text) => {
          if (!bare && !isExpression(text)) put(pointer, true);
          field.change(text === '' ? undefined : text);
        }}
      />
    );
  };

  const beside = (field: FormField) => {
    if (!mayBeExpression(field.pointer) || isExpressionOnly(field.pointer)) return undefined;
    const words = () => t(isOn(field) ? 'form.plain' : 'form.expression', field.pointer.split('/').at(-1) ?? '');
    const toggle = () => {
      const on = isOn(field);
      put(field.pointer, !on);
      if (on) field.change(undefined);
    };
    return (
      <button
        type="button"
        class={`flex min-h-6 shrink-0 items-center rounded-control px-1 font-mono text-meta hover:bg-bg2 ${isOn(field) ? 'bg-selected' : 'text-muted'}`}
        aria-pressed={isOn(field)}
        aria-label={words()}
        title={words()}
        onClick={toggle}
      >
        {BRACKETS}
      </button>
    );
  };
  return { instead, beside };
}

const BRACKETS = '${{ }}';
