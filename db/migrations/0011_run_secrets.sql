-- Secret parameters of runs that have not ended: sealed, and taken away with the run's last write.

create table run_secrets (
  run_id uuid primary key,
  project text not null default 'default',
  sealed jsonb not null,
  created_at timestamptz not null default now()
);
