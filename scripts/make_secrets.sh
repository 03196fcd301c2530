#!/bin/sh
# Make ./secrets for docker-compose.yml: random values where random will do; what exists is left alone.
# The Twilio token cannot be made up: write yours into secrets/twilio_auth_token.
set -eu
folder=${1:-secrets}
umask 077
mkdir -p "$folder"
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
[ -s "$folder/postgres_password" ] || random > "$folder/postgres_password"
[ -s "$folder/secret_key" ] || random > "$folder/secret_key"
[ -s "$folder/database_url" ] ||
    printf 'postgresql://wayhome:%s@db:5432/wayhome' "$(cat "$folder/postgres_password")" > "$folder/database_url"
[ -e "$folder/twilio_auth_token" ] || : > "$folder/twilio_auth_token"
# The containers read them as another user; the folder stays closed to everybody else on this machine.
chmod 644 "$folder"/*
[ -s "$folder/twilio_auth_token" ] || echo "now write your Twilio token into $folder/twilio_auth_token" >&2
