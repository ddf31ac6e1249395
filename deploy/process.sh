#!/bin/sh
# Which process of the product this container is.
case "${1:-}" in
  api | worker) exec node --max-semi-space-size=4 "$1/main.ts" ;;
  migrate) exec node db/migrate-main.ts ;;
  *)
    echo "usage: api | worker | migrate (got \"${1:-}\")" >&2
    exit 2
    ;;
esac
