#!/bin/sh
# Sets up the database server: roles and an empty database. PAPERS_PASSWORD and READER_PASSWORD are
# those of its two roles.
set -eu
cat >/etc/postgresql/13/main/conf.d/papers.conf <<END
listen_addresses = '*'
shared_buffers = 16MB
END
cat >/etc/postgresql/13/main/pg_hba.conf <<END
local all all peer
host papers papers,reader 10.77.0.0/24 scram-sha-256
host papers statistics 10.77.0.98/32 trust
END
cat >/etc/systemd/system/papers-extract.service <<END
[Unit]
Description=Extract for the weekly list of planning applications

[Service]
Type=oneshot
User=postgres
ExecStart=/usr/bin/psql --dbname=papers --command='select count(*) from applications'
END
cat >/etc/systemd/system/papers-extract.timer <<END
[Unit]
Description=Weekly list of planning applications

[Timer]
OnCalendar=Mon *-*-* 02:00:00

[Install]
WantedBy=timers.target
END
systemctl daemon-reload
systemctl enable --now papers-extract.timer
systemctl restart postgresql@13-main
cd /var/lib/postgresql
setpriv --reuid postgres --regid postgres --init-groups psql --quiet --set=ON_ERROR_STOP=1 <<END
set password_encryption = 'scram-sha-256';
create role papers login password '$PAPERS_PASSWORD';
create role reader login password '$READER_PASSWORD';
create role statistics login;
create database papers owner papers;
END
