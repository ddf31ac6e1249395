-- By duration every run has its place: one that has none yet counts as shorter than any that has.
drop index runs_execution_time;
create index runs_execution_time on runs (project, coalesce(execution_time_ms, -1) desc, id desc);
