"""Where certificates are named and kept: configuration files of services, and usual places.

The places are those of the services' own documentation and of the distributions' packages. Stores
of trusted authorities (``/etc/ssl/certs``, ``/etc/pki/ca-trust``) and ``/etc/ssl/private`` are none
of them.
"""

from __future__ import annotations

from typing import Final

CONFIGURATIONS: Final = """
/etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/*
/etc/nginx/vhosts.d/*.conf /etc/nginx/snippets/*.conf /usr/local/nginx/conf/*.conf
/usr/local/etc/nginx/*.conf /etc/apache2/apache2.conf /etc/apache2/httpd.conf
/etc/apache2/sites-enabled/* /etc/apache2/conf-enabled/* /etc/apache2/conf.d/*.conf
/etc/apache2/vhosts.d/*.conf /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf
/usr/local/apache2/conf/*.conf /usr/local/apache2/conf/extra/*.conf
/usr/local/etc/apache24/*.conf /usr/local/etc/apache24/extra/*.conf
/etc/haproxy/*.cfg /etc/haproxy/conf.d/*.cfg /etc/hitch/hitch.conf /etc/squid/squid.conf
/etc/lighttpd/lighttpd.conf /etc/lighttpd/conf-enabled/*.conf /etc/stunnel/*.conf
/etc/postfix/main.cf /etc/postfix/master.cf /etc/exim4/exim4.conf.localmacros
/etc/exim4/exim4.conf.template /etc/exim/exim.conf /etc/imapd.conf
/etc/dovecot/dovecot.conf /etc/dovecot/local.conf /etc/dovecot/conf.d/*.conf
/etc/vsftpd.conf /etc/vsftpd/*.conf /etc/proftpd/*.conf /etc/proftpd/conf.d/*.conf
/etc/postgresql/*/*/postgresql.conf /etc/postgresql/*/*/conf.d/*.conf
/var/lib/pgsql/data/postgresql.conf /var/lib/pgsql/*/data/postgresql.conf
/etc/my.cnf /etc/my.cnf.d/*.cnf /etc/mysql/my.cnf /etc/mysql/*.conf.d/*.cnf
/etc/mongod.conf /etc/redis.conf /etc/redis/*.conf /etc/rabbitmq/rabbitmq.conf
/etc/rabbitmq/*.config /etc/elasticsearch/elasticsearch.yml /etc/kibana/kibana.yml
/etc/openldap/slapd.conf /etc/ldap/slapd.conf
/etc/openldap/slapd.d/cn=config.ldif /etc/ldap/slapd.d/cn=config.ldif
/etc/tomcat*/server.xml /opt/*/conf/server.xml
/usr/share/tomcat/conf/server.xml /usr/share/tomcat5/conf/server.xml
/usr/share/tomcat6/conf/server.xml /usr/share/tomcat7/conf/server.xml
/usr/share/tomcat8/conf/server.xml /usr/share/tomcat9/conf/server.xml
/usr/share/tomcat10/conf/server.xml
/etc/docker/daemon.json /etc/grafana/grafana.ini /etc/influxdb/influxdb.conf
/etc/zabbix/zabbix_*.conf /etc/openvpn/*.conf /etc/openvpn/server/*.conf
/etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/gitlab/gitlab.rb /etc/webmin/miniserv.conf
/etc/prosody/prosody.cfg.lua /etc/ejabberd/ejabberd.yml /etc/xrdp/xrdp.ini
"""
"""Shell patterns of files that name certificates."""

KEPT: Final = """
/etc/letsencrypt/live/*/cert.pem /etc/ssl/*.crt /etc/ssl/localcerts/*.pem /etc/ssl/localcerts/*.crt
/etc/pki/tls/certs/[!c]*.crt /etc/pki/tls/certs/c[!a]*.crt /etc/nginx/ssl/*.crt /etc/nginx/ssl/*.pem
/etc/nginx/certs/*.crt /etc/nginx/certs/*.pem /etc/apache2/ssl/*.crt /etc/apache2/ssl/*.pem
/etc/apache2/ssl.crt/*.crt /etc/httpd/ssl/*.crt /etc/haproxy/certs/*.pem /etc/haproxy/ssl/*.pem
/etc/cockpit/ws-certs.d/*.cert /etc/cockpit/ws-certs.d/*.crt /etc/webmin/miniserv.pem
/etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt
/var/lib/kubelet/pki/kubelet-client-current.pem /var/lib/kubelet/pki/kubelet.crt
/var/lib/rancher/k3s/server/tls/serving-kube-apiserver.crt
/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.crt
/etc/puppetlabs/puppet/ssl/certs/*.pem /var/lib/icinga2/certs/*.crt
/etc/pki/libvirt/servercert.pem /etc/cups/ssl/*.crt /etc/ipa/ca.crt
/var/lib/caddy/.local/share/caddy/certificates/*/*/*.crt
"""
"""Shell patterns of files that hold certificates in use."""
