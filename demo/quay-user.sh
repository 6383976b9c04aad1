#!/bin/sh
# What someone does who scripts Quay: an organization, a robot account, its permission and its federation; then a job's
# identity token is exchanged, an image pushed, the robot's token regenerated, and all of it deleted. curl alone, and
# skopeo or crane for the push. Against Berth, BASE is the only difference (docs/quay-migration.md).
#
#   BASE=https://berth.example.com  the API: Quay, or Berth
#   TOKEN                           an API token (Quay: an OAuth token) that may create organizations
#   REGISTRY=registry.example.com   where images are pushed, as clients name it
#   SERVICE                         the registry's service name, where that is not REGISTRY
#   ISSUER, SUBJECT                 whose jobs may act as the robot account
#   ID_TOKEN                        a fresh identity token of such a job
#   ORG=quay-user                   an organization that does not exist
#   IMAGE                           folder of an OCI image layout, for skopeo with :TAG; not set: nothing is pushed
#   INSECURE=1                      the registry speaks plain HTTP
set -eu
umask 077

: "${BASE:?}" "${TOKEN:?}" "${REGISTRY:?}" "${ISSUER:?}" "${SUBJECT:?}" "${ID_TOKEN:?}"
ORG=${ORG:-quay-user}
SERVICE=${SERVICE:-$REGISTRY}
ROBOT="$ORG+ci"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Secrets reach curl over standard input: its arguments are every process's to read.
bearer() { printf 'header = "Authorization: Bearer %s"\n' "$TOKEN"; }
basic() { printf 'user = "%s:%s"\n' "$ROBOT" "$1"; }

# expect STATUS METHOD PATH [BODY]: one request of the API, and the status that it must have.
expect() {
  expected=$1 method=$2 path=$3
  shift 3
  [ $# -eq 0 ] || set -- -H 'Content-Type: application/json' --data "$1"
  status=$(bearer | curl -sS -K - -o "$work/answer" -w '%{http_code}' -X "$method" "$@" "$BASE/api/v1$path")
  case " $expected " in
    *" $status "*) echo "$method $path: $status" ;;
    *)
      echo "$method $path: $status, not $expected: $(cat "$work/answer")" >&2
      exit 1
      ;;
  esac
}

# The member `token` of the last answer.
token() { sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' "$work/answer"; }

# allowed PASSWORD: the status of a registry token for the robot account, as a registry's client asks for one.
allowed() {
  basic "$1" | curl -sS -K - -o "$work/registry-token" -w '%{http_code}' -G "$BASE/v2/auth" \
    --data-urlencode "service=$SERVICE" --data-urlencode "scope=repository:$ORG/app:pull"
}

# must STATUS PASSWORD WHAT
must() {
  status=$(allowed "$2")
  [ "$status" = "$1" ] || { echo "$3: $status, not $1" >&2; exit 1; }
  echo "$3: $status"
}

push() {
  if command -v skopeo >/dev/null; then
    printf %s "$1" | skopeo login --authfile "$work/auth.json" ${INSECURE:+--tls-verify=false} \
      -u "$ROBOT" --password-stdin "$REGISTRY"
    skopeo copy -q --authfile "$work/auth.json" ${INSECURE:+--dest-tls-verify=false} \
      "oci:$IMAGE" "docker://$REGISTRY/$ORG/app:latest"
  elif command -v crane >/dev/null; then
    printf %s "$1" | DOCKER_CONFIG=$work crane auth login -u "$ROBOT" --password-stdin "$REGISTRY"
    DOCKER_CONFIG=$work crane push ${INSECURE:+--insecure} "$IMAGE" "$REGISTRY/$ORG/app:latest" >/dev/null
  else
    echo "neither skopeo nor crane is there: nothing is pushed"
    return 0
  fi
  echo "pushed $REGISTRY/$ORG/app:latest"
}

expect 201 POST /organization/ "{\"name\": \"$ORG\", \"email\": \"$ORG@example.com\"}"
# Quay wants the repository before somebody may write to it. Berth is no registry, and has no such path.
expect "201 404" POST /repository \
  "{\"namespace\": \"$ORG\", \"repository\": \"app\", \"visibility\": \"private\", \"description\": \"\"}"
expect 201 PUT "/organization/$ORG/robots/ci" '{"description": "pushes from CI"}'
password=$(token)
expect 200 PUT "/repository/$ORG/app/permissions/user/$ROBOT" '{"role": "write"}'
expect 200 POST "/organization/$ORG/robots/ci/federation" "[{\"issuer\": \"$ISSUER\", \"subject\": \"$SUBJECT\"}]"

status=$(basic "$ID_TOKEN" | curl -sS -K - -o "$work/answer" -w '%{http_code}' "$BASE/oauth2/federation/robot/token")
[ "$status" = 200 ] || { echo "exchange: $status: $(cat "$work/answer")" >&2; exit 1; }
credential=$(token)
echo "exchange: $status"
must 200 "$credential" "with what the job earned"
must 200 "$password" "with the robot token"
[ -z "${IMAGE:-}" ] || push "$credential"

expect 200 POST "/organization/$ORG/robots/ci/regenerate"
regenerated=$(token)
must 401 "$password" "with the robot token of before"
must 200 "$regenerated" "with the new one"

expect 204 DELETE "/organization/$ORG/robots/ci/federation"
expect 204 DELETE "/organization/$ORG/robots/ci"
must 401 "$regenerated" "with the token of a robot account that is gone"
expect 204 DELETE "/organization/$ORG"
