-- What a person changed of a step while it runs; its attempts ask for it.
create table step_overrides (
  run_id uuid not null,
  key text not null,
  project text not null default 'default',
  -- What holds for one activity holds for no later one: a retry in place begins with what the plan says.
  activity_id text not null,
  timeout_ms bigint,
  attempts integer,
  delay_ms bigint,
  backoff double precision,
  max_delay_ms bigint,
  -- Temporal began to count attempts anew after this one.
  numbered_from integer,
  -- Executions are counted anew after this attempt.
  executions_from integer,
  -- How often a person had it begin anew; an attempt that began before the newest of them ends.
  resets integer not null default 0,
  changed_at timestamptz not null default now(),
  primary key (run_id, key)
);
