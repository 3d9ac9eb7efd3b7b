-- Who somebody is, is looked up at each request; which deployment stands for which other; who a JVM is. ----------------------------

-- Changes with the password and when the account is disabled: a session that carries another one has ended.
alter table account add column stamp varchar(40) default '' not null;

-- What a JVM got at its first registration, as a hash; and whether it has shown it since.
alter table target add column secret_hash varchar(80);
alter table target add column secret_shown boolean default false not null;
-- Start of the JVM as its agent said at the registration.
alter table target add column registered_start bigint;
create index target_by_secret on target (secret_hash);
create index target_by_name on target (host, name);

-- The deployment by the same selector whose place this one took: an abort brings it back.
alter table deployment add column replaces bigint;

-- A row to lock where several rows must stay true together.
create table named_lock (
    name varchar(40) primary key,
    at   bigint not null
);
insert into named_lock (name, at) values ('accounts', 0);
insert into named_lock (name, at) values ('probe', 0);
