-- What each person prefers about the page. Written whole; a version guards what two tabs change at once.
create table user_preferences (
  user_id uuid primary key references users (id) on delete cascade,
  preferences jsonb not null check (pg_column_size(preferences) <= 65536),
  version integer not null default 1,
  updated_at timestamptz not null default now()
);
