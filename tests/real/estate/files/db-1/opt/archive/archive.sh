# Dumps the roles now and then, and puts them on the file server over one connection.
cd /var/lib/postgresql || exit
while sleep 5; do
    pg_dumpall --roles-only --file roles.sql && echo put roles.sql
done | smbclient //files-1/archive -N
