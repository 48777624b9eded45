# Sourced by the scripts beside it: where everything that is made lies, and how to end with one line.
set -euo pipefail
umask 077
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
state="${SENSORHUB_STATE:-$here/state}"

fail() {
  echo "${0##*/}: $1" >&2
  exit 2
}

need_compose() {
  docker compose version >/dev/null 2>&1 ||
    fail "docker with its compose plugin is not installed; deploy/systemd has units for a Pi without containers"
}

# A name becomes a level of a topic, a user of the broker and a file: letters, digits, - and _ only.
check_name() {
  [[ "$1" =~ ^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$ ]] || fail "'$1' is no name: use letters, digits, - and _, at most 63"
  case "$1" in command | status | stored) fail "'$1' is a word of the topics: choose another name" ;; esac
}

# Write a new random secret into a file that only its owner reads, unless there is one.
new_secret() {
  [ -s "$1" ] || openssl rand -base64 36 | tr -d '\n=+/' >"$1"
  chmod 600 "$1"
}
