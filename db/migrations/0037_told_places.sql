-- Whatever changes something that people own tells so when it commits, once however many rows it changed: no writer can forget it. What is noted of
-- them at work (a fire, a look at a host, a use, a login) is no such change.
create function tell_place() returns trigger language plpgsql as $$
begin
  perform pg_notify('capstan', json_build_object('places', json_build_array(tg_argv[0]))::text);
  return null;
end $$;

create trigger schedules_told after insert or delete on schedules for each row execute function tell_place('schedules');
create trigger schedules_change_told after update on schedules for each row
  when ((old.version, old.state, old.stopped_reason, old.paused, old.paused_until, old.pause_note, old.arm_problem, old.deleted_at)
    is distinct from (new.version, new.state, new.stopped_reason, new.paused, new.paused_until, new.pause_note, new.arm_problem, new.deleted_at))
  execute function tell_place('schedules');
create trigger schedule_pauses_told after insert or update or delete on schedule_pauses for each row execute function tell_place('schedules');

create trigger calendars_told after insert or delete on calendars for each row execute function tell_place('calendars');
create trigger calendars_change_told after update on calendars for each row when (old.version <> new.version) execute function tell_place('calendars');
create trigger calendar_feeds_told after insert or delete on calendar_feeds for each row execute function tell_place('calendars');
create trigger calendar_feeds_change_told after update on calendar_feeds for each row
  when ((old.url, old.hash, old.events, old.tried_at) is distinct from (new.url, new.hash, new.events, new.tried_at))
  execute function tell_place('calendars');

create trigger targets_told after insert or delete on targets for each row execute function tell_place('targets');
create trigger targets_change_told after update on targets for each row when (old.version <> new.version) execute function tell_place('targets');

create trigger credentials_told after insert or delete on credentials for each row execute function tell_place('credentials');
create trigger credentials_change_told after update on credentials for each row when (old.version <> new.version) execute function tell_place('credentials');

create trigger client_weights_told after insert or update or delete on client_weights for each row execute function tell_place('weights');

create trigger users_told after insert or delete on users for each row execute function tell_place('users');
create trigger users_change_told after update on users for each row when (old.version <> new.version) execute function tell_place('users');
create trigger groups_told after insert or delete on groups for each row execute function tell_place('groups');
create trigger groups_change_told after update on groups for each row when (old.version <> new.version) execute function tell_place('groups');
-- Users are shown with their groups.
create trigger group_members_told after insert or delete on group_members for each row execute function tell_place('users');

create trigger tokens_told after insert or delete on tokens for each row execute function tell_place('tokens');
create trigger tokens_change_told after update on tokens for each row
  when ((old.prefix, old.revoked_at) is distinct from (new.prefix, new.revoked_at)) execute function tell_place('tokens');
