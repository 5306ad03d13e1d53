#!/usr/bin/env bash
# Sets up what the tests need beside Go: "compiler" looks for
# a C compiler, "python" makes .venv from requirements.txt, "npm" installs
# package-lock.json into node_modules.
# Missing programs are installed by apt where this runs as root on Debian;
# elsewhere it says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

need() { # need PROGRAM-CHECK PACKAGE...: install the packages when the check fails
  local check=$1
  shift
  if eval "$check" >/dev/null 2>&1; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing $* by apt" >&2
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  else
    echo "setup: please install $* (needed by the tests)" >&2
    exit 1
  fi
}

case "${1:-}" in
compiler)
  need 'command -v cc' gcc libc6-dev # the race detector links with it
  ;;
python)
  need 'python3 -c "import venv, ensurepip"' python3 python3-venv
  need 'python3 -c "import ctypes; ctypes.CDLL(\"libgomp.so.1\")"' libgomp1
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
  ;;
npm)
  need 'command -v npm' npm
  npm ci --silent --no-audit --no-fund
  ;;
*)
  echo "usage: tools/setup.sh compiler|python|npm" >&2
  exit 2
  ;;
esac
