-- Whether a roll-out has a budget, which is watched as long as the filter is in force; how large it is, the strategy says.
alter table rollout add column budget boolean default false not null;
