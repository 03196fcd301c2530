#!/bin/sh
# Build docker-compose.yml, bring it up, miss a visit in it, kill an engine, pause the database. Needs a Docker engine.
set -eu
docker info >/dev/null 2>&1 || {
    echo "wayhome: no Docker engine answers; start one (or set DOCKER_HOST) and try again" >&2
    exit 2
}
exec .venv/bin/python -m tests.compose.check "$@"
