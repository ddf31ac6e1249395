import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { useQuery } from '../api/use-query.ts';
import { whenChanged } from '../solid.ts';
import { zone as own } from '../time/clock.ts';
import { t } from '../time/words.ts';
import { offsetText, searchZones } from '../time/zones.ts';
import { zonesQuery } from '../time/zones-query.ts';
import type { FieldTies } from './Field.tsx';

const SHOWN = 50;

interface ZonePickerProps {
  readonly value: string;
  readonly onChange: (zone: string) => void;
  /** Of the field around it; without one, `label` names it. */
  readonly ties?: FieldTies;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly placeholder?: string;
}

/** Chooses one of the server's time zones by city, region, abbreviation or offset; a text that is no zone is handed on as it is, for the server to judge. */
export const ZonePicker = (props: ZonePickerProps) => {
  const list = createUniqueId();
  const zones = useQuery(() => zonesQuery());
  const [open, setOpen] = createSignal(false);
  const [text, setText] = createSignal(props.value);
  const [typed, setTyped] = createSignal(false);
  const [at, setAt] = createSignal(0);
  let input: HTMLInputElement | undefined;

  whenChanged(
    () => props.value,
    (value) => setText(value),
  );
  const all = () => zones.data?.items ?? [];
  const found = () => (open() ? searchZones(all(), typed() ? text() : '', own()) : []);
  const shown = () => found().slice(0, SHOWN);

  const show = () => {
    if (props.disabled || open()) return;
    setTyped(false);
    setAt(0);
    setOpen(true);
  };
  const choose = (name: string) => {
    setOpen(false);
    setTyped(false);
    setText(name);
    if (name !== props.value) props.onChange(name);
  };
  const leave = () => {
    if (!open()) return;
    setOpen(false);
    if (!typed()) return;
    const written = text().trim();
    choose(all().find(({ name }) => name.toLowerCase() === written.toLowerCase())?.name ?? written);
  };
  const move = (by: number) => {
    if (!open()) return show();
    const count = shown().length;
    if (count === 0) return;
    setAt((now) => (now + by + count) % count);
    document.getElementById(`${list}-${at()}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && open()) {
      event.preventDefault();
      const chosen = shown()[at()];
      if (chosen) choose(chosen.name);
    } else if (event.key === 'Escape' && open()) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      setText(props.value);
    }
  };

  return (
    <div class="relative">
      <input
        {...props.ties}
        ref={input}
        class="input"
        role="combobox"
        aria-label={props.label}
        aria-expanded={open()}
        aria-controls={open() ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open() && shown().length > 0 ? `${list}-${at()}` : undefined}
        autocomplete="off"
        spellcheck={false}
        maxlength={100}
        disabled={props.disabled}
        placeholder={props.placeholder}
        value={text()}
        onFocus={() => input?.select()}
        onClick={show}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setTyped(true);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <Show when={open()}>
        <div class="layer absolute inset-x-0 top-full z-50 mt-1 max-h-72 min-w-64 overflow-y-auto p-1">
          <div id={list} role="listbox" aria-label={t('zone.choices')}>
            <For each={shown()}>
              {(zone, index) => (
                <button
                  type="button"
                  tabindex="-1"
                  id={`${list}-${index()}`}
                  role="option"
                  aria-selected={zone.name === props.value}
                  class={`flex min-h-8 w-full text-left items-center gap-3 rounded-control px-2 hover:bg-bg2 ${index() === at() ? 'bg-selected' : ''}`}
                  // Pressing must not take the focus from the input, whose leaving closes the list.
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(zone.name)}
                >
                  <span class="min-w-0 flex-1 truncate">
                    {zone.name}
                    <Show when={zone.alias_of}>{(name) => <span class="text-muted"> · {t('zone.alias', name())}</span>}</Show>
                    <Show when={zone.name === own()}>
                      <span class="text-muted"> · {t('zone.yours')}</span>
                    </Show>
                  </span>
                  <span class="shrink-0 text-meta text-muted">
                    {/^[+-]/.test(zone.abbreviation) || zone.name === 'UTC' ? '' : `${zone.abbreviation} · `}
                    {offsetText(zone.offset_minutes)}
                  </span>
                </button>
              )}
            </For>
          </div>
          <Show when={found().length > SHOWN}>
            <p class="px-2 py-1 text-meta text-muted">{t('zone.more', found().length - SHOWN)}</p>
          </Show>
          <Show when={found().length === 0}>
            <p class="px-2 py-1 text-muted">{zones.isError ? t('zone.unknown') : t('zone.none')}</p>
          </Show>
        </div>
      </Show>
      <p class="sr-only" role="status">
        {open() && typed() ? t('zone.found', found().length) : ''}
      </p>
    </div>
  );
};
