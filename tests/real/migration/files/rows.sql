set role papers;
create table applications (
    id int primary key,
    received date not null,
    address text not null,
    decision text,
    fee numeric(8, 2) not null
);
insert into applications
    select n, date '2019-04-01' + n % 2400, n || ' Station Road',
        case n % 3 when 0 then 'granted' when 1 then 'refused' end, 34 + n % 400
    from generate_series(1, 3000) n;
create table documents (
    application int references applications,
    number int,
    title text not null,
    primary key (application, number)
);
insert into documents
    select n, m, 'Drawing ' || m from generate_series(1, 3000) n, generate_series(1, 3) m;
grant select on all tables in schema public to reader, statistics;
