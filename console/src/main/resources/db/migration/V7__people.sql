-- People whom an OpenID provider vouches for: the name under which each appears here. Their roles are the provider's to say.
create table person (
    provider   varchar(40)  not null,
    subject    varchar(255) not null,
    name       varchar(200) not null unique,
    created_at bigint       not null,
    primary key (provider, subject)
);
