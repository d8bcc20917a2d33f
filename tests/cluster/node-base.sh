#!/usr/bin/env bash
# Makes an image with Node to build on where none can be pulled: Debian, and the npm package `node`.
#
#     tests/cluster/node-base.sh NAME [DEBIAN]      for: npx pipewright images --base NAME
set -euo pipefail
name=$1 debian=${2:-localhost/rig/debian:bookworm} node=22.23.3
made_of="node@$node on $(docker image inspect --format '{{.Id}}' "$debian")"
[[ $(docker image inspect --format '{{index .Config.Labels "pipewright.made-of"}}' "$name" 2>/dev/null) == "$made_of" ]] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-save --no-audit --no-fund --prefix "$work" "node@$node"
mkdir "$work/context"
cp -L "$work/node_modules/node/bin/node" "$work/context/node"
printf 'ARG DEBIAN\nFROM ${DEBIAN}\nCOPY node /usr/local/bin/node\nRUN node --version\n' >"$work/context/Dockerfile"
docker build --quiet --build-arg "DEBIAN=$debian" --label "pipewright.made-of=$made_of" --tag "$name" "$work/context"
