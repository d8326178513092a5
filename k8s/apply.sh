#!/bin/bash
# Applies an overlay, the first time and for each update:
#
#     k8s/apply.sh k8s/overlays/prod
#
# Migrations come first, then the services, and the gateway last, as a new one may
# call methods that an older service lacks. Each step waits for the one before. If
# one fails, the script says why and ends with 1, and what served before goes on;
# it may be run again. kubectl's current context is where it applies.
set -euo pipefail

overlay=${1:?"usage: k8s/apply.sh FOLDER, such as k8s/overlays/prod"}
readonly overlay
readonly migrations='kith/role=migration'
readonly not_gateway='app.kubernetes.io/part-of=kith,kith/role!=gateway'

in_kith() { kubectl -n kith "$@"; }

# A line for each Job, "name:" and its conditions.
jobs() {
  in_kith get job -l "$migrations" -o \
    'jsonpath={range .items[*]}{.metadata.name}:{.status.conditions[*].type}{"\n"}{end}'
}

# A line for each pod of a Job: a failed one is tried again in another.
pods() {
  in_kith get pod -l "$migrations" --no-headers \
    -o custom-columns=name:.metadata.name,phase:.status.phase
}

# Each Job completes or fails by itself (activeDeadlineSeconds).
wait_for_migrations() {
  local now seen='' found
  while true; do
    found=$(jobs)
    now=$(pods)
    if [[ $now != "$seen" ]]; then echo "$now"; fi
    seen=$now
    if [[ -z $found ]] || grep -q ':.*Failed' <<<"$found"; then
      in_kith logs -l "$migrations" --prefix --tail=5 || true
      echo "not migrated, so nothing is rolled out:" $found >&2
      exit 1
    fi
    if ! grep -qv ':.*Complete' <<<"$found"; then return; fi
    sleep 2
  done
}

# A Job cannot be changed, so the last release's goes.
in_kith delete job -l "$migrations" --ignore-not-found
kubectl apply -k "$overlay/migrate"
wait_for_migrations

kubectl apply -k "$overlay" -l 'kith/role!=gateway'
in_kith rollout status deployment -l "$not_gateway"
kubectl apply -k "$overlay"
in_kith rollout status deployment -l app.kubernetes.io/part-of=kith
