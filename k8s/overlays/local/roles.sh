#!/bin/sh
# 建立两个角色和数据库 · makes the two roles and the database; passwords reach psql as variables, never as text of a statement
set -eu
psql --username postgres --set ON_ERROR_STOP=1 --set owner="$OWNER_PASSWORD" --set app="$APP_PASSWORD" <<'SQL'
CREATE ROLE yanxiu_owner LOGIN PASSWORD :'owner';
CREATE ROLE yanxiu_app LOGIN PASSWORD :'app';
CREATE DATABASE yanxiu OWNER yanxiu_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
SQL
