#!/bin/sh
# Sets up the web front. PAPERS_DATABASE says where its database is; PAPERS is the application.
set -eu
mkdir -p /opt/papers
printf '%s' "$PAPERS" >/opt/papers/papers.py
(umask 077 && echo "PAPERS_DATABASE=\"$PAPERS_DATABASE\"" >/etc/papers.env)
cat >/etc/systemd/system/papers.service <<END
[Unit]
Description=Planning papers
After=network.target

[Service]
Type=notify
User=www-data
AmbientCapabilities=CAP_NET_BIND_SERVICE
EnvironmentFile=/etc/papers.env
WorkingDirectory=/opt/papers
ExecStart=/usr/bin/gunicorn --bind 0.0.0.0:80 --workers 1 --threads 4 --keep-alive 75 papers:application
Restart=always

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable --now papers.service
