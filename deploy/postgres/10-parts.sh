#!/bin/sh
# A database for each part, and a role that opens this database and no other. The PostgreSQL image
# runs it when the cluster is new; run again, it makes what is absent.
set -eu
for part in gateway profile loyalty feedback notify; do
    psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres \
        --set part="$part" --set password="$POSTGRES_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'part', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'part') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'part', :'part')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'part') \gexec
REVOKE CONNECT ON DATABASE :"part" FROM PUBLIC;
SQL
done
