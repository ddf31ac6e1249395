-- What a request with this key was answered that makes nothing anew; null while it is under way, and for what makes a run or the like.
alter table idempotency_keys add column answer jsonb;
