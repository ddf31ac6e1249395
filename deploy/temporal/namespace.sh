#!/bin/sh
# Makes the namespace of the product (TEMPORAL_NAMESPACE) if it is missing; closed runs stay readable in Temporal for a week.
set -eu
until temporal operator cluster health >/dev/null 2>&1; do sleep 1; done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 7d
# Every part of the server learns of a namespace a few seconds after it was made.
until temporal workflow list --namespace "$TEMPORAL_NAMESPACE" --limit 1 >/dev/null 2>&1; do sleep 1; done
