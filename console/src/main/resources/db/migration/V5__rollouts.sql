-- A roll-out: the steps in which a deployment comes to its JVMs. The deployment has those that it has come to.
create table rollout (
    deployment_id bigint        primary key references deployment (id),
    selector      varchar(1000),               -- null: a fixed list of JVMs
    targets       text          not null,      -- JSON array of ids; empty with a selector
    strategy      text          not null,      -- JSON object, as it was given
    until_millis  bigint,                      -- how long the filter stays; null for as long as nobody takes it off
    state         varchar(20)   not null,      -- RUNNING, ROLLING_BACK, DONE, ABORTED
    step          integer       not null,      -- from 0
    step_state    varchar(20)   not null,      -- PENDING, RUNNING, WAITING, APPROVAL, DONE, ABORTED
    step_millis   bigint        not null,      -- how long the step has run: of a clock that cannot be set
    run_millis    bigint        not null,      -- how long the roll-out has run
    reason        text          not null,      -- why it was taken back
    approved_by   varchar(200),                -- who approved the last step that wanted it
    updated_at    bigint        not null
);
create index rollout_by_state on rollout (state);
