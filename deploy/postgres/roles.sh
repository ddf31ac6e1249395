#!/bin/sh
# Run once by the image on an empty volume: the product and Temporal each get a role and databases of their own on the one server.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set capstan_password="$CAPSTAN_DB_PASSWORD" --set temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role capstan login password :'capstan_password';
create database capstan owner capstan;
create role temporal login password :'temporal_password';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
