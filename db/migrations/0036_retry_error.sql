-- A run that is retrying says in its list why: what the step that is between two attempts failed of, by its key, as long as it is.
alter table runs add column retry_error text;

create or replace function status_with_rests() returns trigger language plpgsql as $$
begin
  if new.ended_at is not null then new.retry_error := null;
  else new.status := case new.status when 'running' then 'retrying' else 'running' end;
  end if;
  return new;
end $$;

drop trigger runs_retrying on runs;
create trigger runs_retrying before insert or update on runs for each row
  when ((new.status = 'running' and new.resting > 0) or (new.status = 'retrying' and new.resting = 0)
    or (new.ended_at is not null and new.retry_error is not null)) execute function status_with_rests();

create or replace function count_rests() returns trigger language plpgsql as $$
begin
  update runs set resting = resting + (new.status = 'retrying')::integer - (tg_op = 'UPDATE' and old.status = 'retrying')::integer,
    retry_error = case
      when new.status = 'retrying' then left(concat_ws(': ', new.key, new.error ->> 'message'), 500)
      when retry_error = new.key or starts_with(retry_error, new.key || ': ') then null
      else retry_error end,
    updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
  where id = new.run_id and ended_at is null;
  return null;
end $$;

drop trigger run_steps_rested on run_steps;
create trigger run_steps_rested after update of status, attempt on run_steps for each row
  when ((old.status <> new.status and 'retrying' in (old.status, new.status)) or (new.status = 'retrying' and old.attempt <> new.attempt))
  execute function count_rests();

update runs r set retry_error = s.said from (
  select run_id, left(max(concat_ws(': ', key, error ->> 'message')), 500) as said from run_steps
  where status = 'retrying' and run_id in (select id from runs where ended_at is null and resting > 0) group by 1
) as s where r.id = s.run_id;
