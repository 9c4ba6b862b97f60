#!/usr/bin/env bash
# Installs the programs of others that read our reports, at pinned versions,
# into this folder. Needs npm and Python 3 with venv.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent
[[ -x .venv/bin/pip ]] || python3 -m venv .venv
pip=(.venv/bin/pip --quiet --disable-pip-version-check)
"${pip[@]}" install --no-deps --require-hashes -r requirements.txt
if [[ ! -s junit-10.xsd ]]; then
  "${pip[@]}" download --no-deps --no-binary :all: --require-hashes -r schema.txt -d .sources
  tar -xzf .sources/pytest-*.tar.gz -O --wildcards '*/testing/example_scripts/junit-10.xsd' > junit-10.xsd.new
  mv junit-10.xsd.new junit-10.xsd
fi
