-- A run that goes on while a step of it is between two attempts is `retrying`. Only the rows of its steps tell, so they count themselves on their run,
-- and its status says it wherever it is read: in lists, filters and counts by the indexes of the status, and in live news by its time of change.
alter table runs add column resting integer not null default 0;

create function status_with_rests() returns trigger language plpgsql as $$
begin
  new.status := case new.status when 'running' then 'retrying' else 'running' end;
  return new;
end $$;

create trigger runs_retrying before insert or update on runs for each row
  when ((new.status = 'running' and new.resting > 0) or (new.status = 'retrying' and new.resting = 0)) execute function status_with_rests();

-- Whoever changes the status of a step has locked its run before. News carry milliseconds, and the later ones win.
create function count_rests() returns trigger language plpgsql as $$
begin
  update runs set resting = resting + (new.status = 'retrying')::integer - (tg_op = 'UPDATE' and old.status = 'retrying')::integer,
    updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
  where id = new.run_id and ended_at is null;
  return null;
end $$;

create trigger run_steps_rest after insert on run_steps for each row when (new.status = 'retrying') execute function count_rests();
create trigger run_steps_rested after update of status on run_steps for each row
  when (old.status <> new.status and 'retrying' in (old.status, new.status)) execute function count_rests();

update runs r set resting = s.steps from (
  select run_id, count(*) as steps from run_steps where status = 'retrying' and run_id in (select id from runs where ended_at is null) group by 1
) as s where r.id = s.run_id;
