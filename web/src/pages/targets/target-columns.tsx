import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { ListedTarget } from '../../api/views.ts';
import { Timestamp } from '../../components/Timestamp.tsx';
import type { VirtualColumn } from '../../components/VirtualTable.tsx';
import { createEffect } from '../../solid.ts';
import { addressOf } from './address.ts';
import { CheckMark } from './CheckMark.tsx';
import type { TargetsChoice } from './chosen-targets.ts';
import { t } from './words.ts';

/** The address of a target's page. */
export const hrefOfTarget = (name: string): string => `/targets/${encodeURIComponent(name)}`;

/** The columns of the list of targets; the first one chooses. */
export const targetColumns = (choice: TargetsChoice): readonly VirtualColumn<ListedTarget>[] => [
  {
    id: 'choose',
    head: t('choose.head'),
    width: 24,
    headControl: () => (
      <label class="flex size-6 items-center justify-center">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          aria-label={t('choose.all_here')}
          checked={choice.isAll()}
          ref={(box) =>
            createEffect(() => {
              box.indeterminate = choice.names().length > 0 && !choice.isAll();
            })
          }
          onChange={(event) => (event.currentTarget.checked ? choice.chooseAll() : choice.none())}
        />
      </label>
    ),
    cell: ({ name }, tab) => (
      <label class="relative z-10 flex size-6 items-center justify-center">
        <input
          type="checkbox"
          class="size-4 accent-accent"
          tabindex={tab()}
          aria-label={t('choose.one', name)}
          checked={choice.isChosen(name)}
          onChange={() => choice.toggle(name)}
        />
      </label>
    ),
  },
  {
    id: 'name',
    head: t('targets.name'),
    width: 136,
    grow: 2,
    cell: (target, tab) => (
      <span class="flex items-baseline gap-2">
        <A class="quiet-link truncate font-semibold" tabindex={tab()} href={hrefOfTarget(target.name)}>
          {target.name}
        </A>
        <Show when={!target.enabled}>
          <span class="shrink-0 text-meta text-muted">{t('targets.off')}</span>
        </Show>
      </span>
    ),
  },
  { id: 'kind', head: t('targets.kind'), width: 48, cell: ({ kind }) => kind },
  {
    id: 'address',
    head: t('targets.address'),
    width: 136,
    grow: 2,
    cell: (target) => (
      <span class="block truncate font-mono" title={addressOf(target)}>
        {addressOf(target)}
      </span>
    ),
  },
  {
    id: 'credential',
    head: t('targets.credential'),
    width: 88,
    grow: 1,
    cell: ({ credential }) => <span class="block truncate">{credential ?? ''}</span>,
  },
  {
    id: 'tags',
    head: t('targets.tags'),
    width: 88,
    grow: 1,
    cell: ({ tags }) => (
      <span class="block truncate text-muted" title={tags.join(', ')}>
        {tags.join(', ')}
      </span>
    ),
  },
  {
    id: 'zone',
    head: t('targets.zone'),
    width: 124,
    cell: ({ timezone }) => (
      <span class="block truncate" title={timezone ?? ''}>
        {timezone ?? ''}
      </span>
    ),
  },
  {
    id: 'check',
    head: t('targets.check'),
    width: 256,
    cell: ({ last_check }) => (
      <Show when={last_check} fallback={<span class="text-muted">{t('targets.never')}</span>}>
        {(check) => (
          <span class="flex items-center gap-3">
            <CheckMark check={check()} />
            <span class="truncate text-muted">
              <Timestamp at={check().at} />
            </span>
          </span>
        )}
      </Show>
    ),
  },
];
