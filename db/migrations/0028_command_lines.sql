-- Where in its step's log a command's own lines stand, so that a reader can fold them or read them alone. Null: nobody said.
alter table command_results add column first_line integer, add column last_line integer;
