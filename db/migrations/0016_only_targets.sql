-- By step id, the only targets of a step on several, of a run that was started on some of them; null: all.
alter table run_inputs add column only_targets jsonb;
