#!/bin/sh
# A database for each part, and a role that opens this database and no other. Run once, by the
# PostgreSQL image, when the cluster is new.
set -eu
for part in gateway profile loyalty feedback notify; do
    psql --no-psqlrc --set ON_ERROR_STOP=1 --username postgres \
        --set part="$part" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE :"part" LOGIN PASSWORD :'password';
CREATE DATABASE :"part" OWNER :"part";
REVOKE CONNECT ON DATABASE :"part" FROM PUBLIC;
SQL
done
