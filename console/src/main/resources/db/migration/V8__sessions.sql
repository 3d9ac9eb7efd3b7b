-- Sessions of people who are logged in. Of the id only a hash; the content is sealed with the console's key. In no backup.
create table login_session (
    id_hash    varchar(80)  primary key,
    principal  varchar(200) not null,
    created_at bigint       not null,
    last_used  bigint       not null,
    expires_at bigint       not null,
    content    text         not null
);
create index login_session_by_expiry on login_session (expires_at);
create index login_session_by_principal on login_session (principal, last_used);
