-- Definitions over time: how jobs are found to be, tags on their versions, and the trash.

alter table jobs
  add column health text,
  add column health_checked_at timestamptz,
  add column health_findings jsonb not null default '[]',
  add column purge_asked_at timestamptz,
  add constraint jobs_purge_from_trash check (purge_asked_at is null or deleted_at is not null);

create index jobs_health on jobs (project, health, name) where deleted_at is null;
create index jobs_trash on jobs (project, deleted_at desc, id desc) where deleted_at is not null;

-- A name for one version of a job, which may be moved to another.
create table job_tags (
  job_id uuid not null references jobs (id),
  tag text not null,
  version integer not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (job_id, tag),
  foreign key (job_id, version) references job_versions (job_id, version)
);

-- Each move of a tag; without a version before it was set for the first time, without one after it was taken away.
create table job_tag_moves (
  id uuid not null,
  job_id uuid not null references jobs (id),
  tag text not null,
  from_version integer,
  to_version integer,
  actor text not null,
  note text,
  at timestamptz not null default now(),
  primary key (job_id, id)
);

-- What a job was stays as it was until the job is purged, which only one in the trash can be.
create function refuse_change_before_purge() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select from jobs where id = old.job_id and deleted_at is not null and purge_asked_at is not null) then
    return old;
  end if;
  raise exception '% rows never change', tg_table_name using errcode = 'restrict_violation';
end
$$;

drop trigger job_versions_immutable on job_versions;
create trigger job_versions_immutable before update or delete on job_versions
  for each row execute function refuse_change_before_purge();
create trigger job_tag_moves_immutable before update or delete on job_tag_moves
  for each row execute function refuse_change_before_purge();
