#!/usr/bin/env bash
# run.sh — what the action does once crosspost is installed, in the notes' folder.
#
#   env:   INPUT_COMMAND   auto, check, plan or publish
#          INPUT_CONFIG, INPUT_SINCE, INPUT_COMMENT, INPUT_TOKEN   see action.yml
#          GITHUB_*        as every runner sets them
#          CROSSPOST_<TARGET>_<SECRET>   the passwords, for crosspost itself
#
# Ends as crosspost does, but for a plan: what waits for a person at a site is not the pull request's.
set -euo pipefail

readonly marker='<!-- crosspost -->' # by this our comment is known: crosspost writes it first
options=()
[ -z "${INPUT_CONFIG:-}" ] || options+=(--config "$INPUT_CONFIG")
[ -z "${INPUT_SINCE:-}" ] || options+=(--since "$INPUT_SINCE")
token=${INPUT_TOKEN:-}
unset INPUT_TOKEN # is no business of crosspost's

event() { jq -r "$1 // empty" "${GITHUB_EVENT_PATH:-/dev/null}"; }
output() { printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"; }
say() { printf '::%s title=crosspost::%s\n' "$1" "$2"; }

# --- what is to be done -------------------------------------------------------------------------------

commands() {
  case ${INPUT_COMMAND:-auto} in
    check | plan | publish) echo "$INPUT_COMMAND" ;;
    auto)
      case ${GITHUB_EVENT_NAME:-} in
        # No secrets reach the pull request of a fork, and without them no site can be asked.
        pull_request) if is_fork; then echo check; else echo check plan; fi ;;
        # Always of the default branch.
        schedule) echo publish ;;
        *) if is_default_branch; then echo publish; else echo check; fi ;;
      esac
      ;;
    *) return 2 ;;
  esac
}

is_fork() { [ "$(event .pull_request.head.repo.full_name)" != "$GITHUB_REPOSITORY" ]; }
is_default_branch() { [ "$GITHUB_REF" = "refs/heads/$(event .repository.default_branch)" ]; }

# --- the commands -------------------------------------------------------------------------------------

check() { crosspost check --format github "${options[@]}"; }

publish() { crosspost publish --format github "${options[@]}"; }

plan() {
  local body code=0
  body=$(mktemp "${RUNNER_TEMP:-/tmp}/crosspost-plan.XXXXXX")
  crosspost plan --exit-code --format markdown "${options[@]}" >"$body" || code=$?
  cat "$body" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
  if [ "${INPUT_COMMENT:-true}" = true ] && [ "${GITHUB_EVENT_NAME:-}" = pull_request ]; then
    comment "$body" "$code" || say warning "the plan could not be told in a comment: it stands in the summary"
  fi
  output changes "$([ "$code" = 4 ] && echo true || echo false)"
  case $code in
    4) return 0 ;;
    3) say warning "something waits for a person: see the plan" && return 0 ;;
    *) return "$code" ;;
  esac
}

# --- the comment --------------------------------------------------------------------------------------

# Changes our comment, or writes one where there is something to say. $1: its text, $2: the plan's code.
comment() {
  local number ours
  number=$(event .pull_request.number)
  grep -qF -m1 -- "$marker" "$1" || return 0 # no plan was made: the errors are told already
  ours=$(our_comment "$number") || return 1
  if [ -n "$ours" ]; then
    api PATCH "issues/comments/$ours" "$1" >/dev/null
  elif [ "$2" != 0 ]; then
    api POST "issues/$number/comments" "$1" >/dev/null
  fi
}

# Not one that only quotes the marker, nor one of somebody else's.
our_comment() {
  local page=1 answer id
  while true; do
    answer=$(api GET "issues/$1/comments?per_page=100&page=$page") || return 1
    id=$(jq -r --arg marker "$marker" \
      'map(select(.user.type == "Bot" and (.body | startswith($marker)))) | first | .id // empty' <<<"$answer")
    if [ -n "$id" ] || [ "$(jq length <<<"$answer")" -lt 100 ]; then
      echo "$id"
      return
    fi
    page=$((page + 1))
  done
}

# $1: method, $2: route in the repository, $3: a file with a comment's text
api() {
  local data=()
  # From a file, since a long text does not fit into an argument.
  if [ -n "${3:-}" ]; then
    jq -Rs '{body: .}' "$3" >"$3.json"
    data=(--header 'Content-Type: application/json' --data "@$3.json")
  fi
  # The token comes by standard input: arguments can be seen by other processes.
  curl --silent --show-error --fail --max-time 30 --request "$1" "${data[@]}" \
    --header 'Accept: application/vnd.github+json' --config - \
    "${GITHUB_API_URL:-https://api.github.com}/repos/$GITHUB_REPOSITORY/$2" \
    <<<"header = \"Authorization: Bearer $token\""
}

# --- the run ------------------------------------------------------------------------------------------

# Such a run has this repository's secrets and a stranger's files, whose configuration could send the
# secrets anywhere.
if [ "${GITHUB_EVENT_NAME:-}" = pull_request_target ]; then
  say error "crosspost does not run at \`pull_request_target\`: use \`pull_request\`"
  exit 2
fi

todo=$(commands) || {
  say error "\`command: ${INPUT_COMMAND}\` is none of auto, check, plan, publish"
  output exit-code 2
  exit 2
}
worst=0
for command in $todo; do
  code=0
  case $command in
    check) check || code=$? ;;
    plan) plan || code=$? ;;
    publish) publish || code=$? ;;
  esac
  [ "$worst" != 0 ] || worst=$code
done
output exit-code "$worst"
exit "$worst"
