-- What a part of a step is about, cut short where it is long; and how many parts a step was taken apart into.
alter table run_steps
  add column item jsonb,
  add column parts integer;
