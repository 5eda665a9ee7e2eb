#!/usr/bin/env bash
# Says what this machine lacks to run the assistant, to check or to test it, and the one command that brings it.
#
#   scripts/doctor [run|check|test] [--install]     exit code: 0 nothing is missing, 1 something is, 2 wrong usage
#   scripts/doctor python [VERSION]                 where a Python is that fits, or what would bring one and exit code 1; VERSION: one of those below
#
# Each kind includes the ones before it. --install brings what is missing where that is possible: as root, where there is apt-get.
# Only bash itself is needed: this is also for machines that have nothing. It looks at the folder it is called in.
# PYTHON names the interpreter; SYSTEM, a folder that stands for /, is for tests.
set -euo pipefail
shopt -s nullglob globstar

VERSIONS="3.11 3.10" # what Rasa 3.6 runs on, the better one first
kind=test install=false version=""
usage() {
  echo "usage: scripts/doctor [run|check|test] [--install] | python [${VERSIONS// /|}]" >&2
  exit 2
}
for argument; do
  case $argument in
    run | check | test | python) kind=$argument ;;
    --install) install=true ;;
    3.*) [[ $kind == python && " $VERSIONS " == *" $argument "* ]] && version=$argument || usage ;;
    *) usage ;;
  esac
done
PYTHON=${PYTHON:-}
SYSTEM=${SYSTEM:-}

has() { command -v "$1" >/dev/null 2>&1; }
any() { (($# > 0)); }

fits() { # interpreter: a version that fits, which can make environments
  "$1" -c 'import sys, venv, ensurepip; sys.exit("%d.%d" % sys.version_info[:2] not in sys.argv[1:])' ${version:-$VERSIONS} 2>/dev/null
}
candidates() {
  local name
  # What selects a Python for this folder or this user, comes first: pyenv by .python-version, a virtual environment, an alias.
  for name in python3 $(printf 'python%s ' ${version:-$VERSIONS}); do type -aP "$name" || true; done
  # What pyenv has and does not select, and what uv brought.
  for name in ${version:-$VERSIONS}; do
    printf '%s\n' "${PYENV_ROOT:-${HOME:-/nowhere}/.pyenv}"/versions/"$name".*/bin/python3 .tools/python/cpython-"$name".*/bin/python3
  done
}
find_python() {
  local candidate
  if [[ -n $PYTHON ]]; then
    fits "$PYTHON" && echo "$PYTHON"
    return
  fi
  while read -r candidate; do
    [[ -n $candidate ]] && fits "$candidate" && echo "$candidate" && return
  done < <(candidates)
  return 1
}
# An environment that is installed needs no other Python until it has to be made anew.
has_python() { fits .venv/bin/python || [[ -n $(find_python) ]]; }
# scripts/uv is taken along by pip, and makes up for a Python that does not fit, or one that cannot make environments.
can_bring_python() { [[ -z $PYTHON ]] && { has uv || python3 -c 'import pip' 2>/dev/null || python3 -c 'import venv, ensurepip' 2>/dev/null; }; }

has_node() {
  local version
  version=$(node --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= 18))
}
# Either does; the shell has no windows, which makes the tests quicker and the download smaller.
has_chromium() { has "${BAITIAO_CHROMIUM:-chromium-headless-shell}" || has chromium || [[ -x $SYSTEM/usr/bin/chromium ]]; }
has_fonts() {
  if has fc-list; then [[ -n $(fc-list :lang=zh file) ]]; else any "$SYSTEM"/usr/share/fonts/**/*CJK*; fi
}
has_nginx() { has nginx || [[ -x $SYSTEM/usr/sbin/nginx ]]; }
has_postgresql() { has initdb || any "$SYSTEM"/usr/lib/postgresql/*/bin/initdb; }

pyenv_command() { echo "pyenv install --skip-existing ${version:-${VERSIONS%% *}}"; }
# Which package brings a Python depends on the age of the system. The newest ones have only one that is too new, and through its pip comes uv.
python_packages() {
  local name
  has apt-cache || return 0
  for name in ${version:-$VERSIONS}; do
    [[ -n $(apt-cache show "python$name" 2>/dev/null) ]] && echo "python$name python$name-venv" && return
  done
  echo "python3-venv"
}

missing=() packages=() others=()
need() { # name, size, what for, Debian packages, check
  if "${@:5}"; then
    echo "  ok       $1"
    return
  fi
  echo "  missing  $1 ($2): $3"
  missing+=("$1")
  packages+=($4)
}
need_python() {
  local name="Python ${VERSIONS/ / or } with venv" found
  # A package of the system's is nearer than what uv downloads.
  if ! has_python && can_bring_python && ! { can_install && [[ $(python_packages) == python3.* ]]; }; then
    echo "  brought  $name (200 MB): there is none here, \`make run\` brings one through uv into .tools/"
    return
  fi
  found=$(python_packages)
  need "$name" "150 MB" "Rasa 3.6 runs on no newer one" "$found" has_python
  [[ " ${missing[*]-} " == *" $name "* && -z $found ]] && others+=("$(pyenv_command)") || true
}

can_install() { $install && ((EUID == 0)) && has apt-get; }

look() {
  missing=() packages=() others=()
  echo "to run:"
  need "make" "2 MB" "starts everything" "make" has make
  need_python
  [[ $kind == run ]] && return
  echo "to check:"
  need "Node.js 18 or newer" "190 MB" "the chat widget's types and modules" "nodejs" has_node
  need "npm" "3 MB, on Debian 100 MB" "brings what Node.js needs" "npm" has npm
  [[ $kind == check ]] && return
  echo "to test:"
  need "Chromium" "230 MB" "the chat, the shop and the desk are tested in it" "chromium-headless-shell" has_chromium
  need "Chinese fonts" "90 MB" "what Chromium shows" "fonts-noto-cjk" has_fonts
  need "PostgreSQL" "65 MB" "the other database; a server of the tests' own is started" "postgresql" has_postgresql
  need "Redis" "6 MB" "locks and limits shared by several servers" "redis-server" has redis-server
  need "nginx" "2 MB" "the proxy in front of a deployment" "nginx" has_nginx
}

command_for() {
  local commands=() sudo="" joined
  ((EUID == 0)) || sudo="sudo "
  [[ -n ${packages[*]-} ]] && commands+=("${sudo}apt-get update && ${sudo}apt-get install -y ${packages[*]}")
  [[ -n ${others[*]-} ]] && commands+=("${others[@]}")
  joined=$(printf ' && %s' "${commands[@]}")
  echo "${joined# && }"
}

if [[ $kind == python ]]; then
  find_python && exit
  packages=($(python_packages))
  [[ ${packages[*]-} == python3.* ]] || { packages=() others=("$(pyenv_command)"); }
  command_for >&2
  exit 1
fi
look
if [[ -n ${packages[*]-} ]] && can_install; then
  echo "installing ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
  hash -r
  look
fi
if [[ -n ${missing[*]-} ]]; then
  echo "one command brings what is missing (on other systems than Debian the packages may have other names):"
  echo "  $(command_for)"
  exit 1
fi
