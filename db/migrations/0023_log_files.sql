-- Log files are written by a worker that follows what was committed. Numbers that a sequence gives are not committed in their order, transactions
-- that have ended are known: all rows of those below the oldest one still open are there. Null: older than that.

alter table status_history add column tx bigint;
alter table status_history alter column tx set default pg_current_xact_id()::text::bigint;
create index status_history_tx on status_history using brin (tx) with (pages_per_range = 32, autosummarize = on);

alter table step_attempts add column tx bigint, add column ended_tx bigint;
alter table step_attempts
  alter column tx set default pg_current_xact_id()::text::bigint,
  alter column ended_tx set default pg_current_xact_id()::text::bigint;
create index step_attempts_tx on step_attempts using brin (tx) with (pages_per_range = 32, autosummarize = on);
create index step_attempts_ended_tx on step_attempts using brin (ended_tx) with (pages_per_range = 32, autosummarize = on);

alter table audit_entries add column tx bigint;
alter table audit_entries alter column tx set default pg_current_xact_id()::text::bigint;
create index audit_entries_tx on audit_entries using brin (tx) with (pages_per_range = 32, autosummarize = on);

alter table schedule_fires add column tx bigint;
alter table schedule_fires alter column tx set default pg_current_xact_id()::text::bigint;
create index schedule_fires_tx on schedule_fires using brin (tx) with (pages_per_range = 32, autosummarize = on);

alter table queue_samples add column tx bigint;
alter table queue_samples alter column tx set default pg_current_xact_id()::text::bigint;
create index queue_samples_tx on queue_samples using brin (tx) with (pages_per_range = 32, autosummarize = on);

create function note_transaction() returns trigger language plpgsql as $$
begin
  new.tx := pg_current_xact_id()::text::bigint;
  return new;
end
$$;

create trigger schedule_fires_tx before update on schedule_fires for each row when (old.status <> new.status) execute function note_transaction();

-- How far the files are, and who writes them.
create table log_files (
  id boolean primary key default true check (id),
  -- Rows of transactions below this are in the files.
  position bigint not null,
  -- What happened before this is not for the files.
  since timestamptz not null default now(),
  holder text,
  held_until timestamptz,
  host text,
  dir text,
  -- Why nothing is written, and since when.
  problem text,
  problem_since timestamptz,
  written_at timestamptz,
  tidied_at timestamptz not null default now(),
  cleaned_at timestamptz not null default now()
);

-- Entries are kept for seven years; then they may be removed, never changed.
drop trigger audit_entries_immutable on audit_entries;
create trigger audit_entries_immutable before update on audit_entries for each row execute function refuse_change();
create trigger audit_entries_kept before delete on audit_entries for each row
  when (old.at > now() - interval '7 years') execute function refuse_change();
