-- The selector of the JVMs that somebody may act on; null for all.
alter table account add column scope varchar(1000);
alter table api_token add column scope varchar(1000);
