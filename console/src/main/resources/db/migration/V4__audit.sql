-- Where from: the address of whoever acted. Null for what the console did by itself, and for what is older than this column.
alter table event add column origin varchar(100);
create index event_by_actor on event (actor, id);
