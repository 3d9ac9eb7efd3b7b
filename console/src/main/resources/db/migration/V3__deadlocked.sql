-- What the agent shall do about threads that were deadlocked before the install: wait (also null) or accept.
alter table deployment add column on_deadlocked varchar(20);
