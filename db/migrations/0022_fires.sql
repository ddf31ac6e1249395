-- Temporal gives what a person starts of one moment the same workflow id again: only the execution tells who a run belongs to.
alter table schedule_fires add column execution text;

-- What a person asked for and nothing has begun yet.
create index schedule_fires_asked on schedule_fires (created_at) where status = 'asked';
