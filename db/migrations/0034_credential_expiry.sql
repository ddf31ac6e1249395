-- When a secret ends by itself, as far as whoever wrote it knows. Null: nobody said.
alter table credentials add column expires_at timestamptz;
