#!/bin/sh
# Buckets, policies and users of MinIO. Run by the Job minio-setup; may run any number of times.
# Nothing but sh, mc and coreutils is needed, which is all that the image has. Prints no key: mc reads the keys of users from its standard input and the root key from its environment.
set -eu
export MC_HOST_store="http://$ROOT_USER:$ROOT_PASSWORD@minio.minio.svc:9000"

echo "waiting for MinIO"
tries=0
until mc ls store >/dev/null 2>/tmp/reason; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "MinIO did not answer within two minutes:" >&2
    cat /tmp/reason >&2
    exit 1
  fi
  sleep 2
done

# Argo's transport between pods, which nobody reads after a run, and the store by digest, which is kept.
for bucket in argo-artifacts pipewright; do
  mc mb --quiet --ignore-existing "store/$bucket"
done
if ! mc ilm rule ls store/argo-artifacts >/dev/null 2>&1; then
  mc ilm rule add --quiet --expire-days 30 store/argo-artifacts
fi

for folder in /users/*; do
  user=${folder##*/}
  mc admin policy create --quiet store "$user" "/setup/$user.json"
  printf '%s\n%s\n' "$(cat "$folder/accessKey")" "$(cat "$folder/secretKey")" | mc admin user add --quiet store >/dev/null
  key=$(cat "$folder/accessKey")
  # Attaching what is attached already is an error to mc.
  mc admin policy attach --quiet store "$user" --user "$key" >/tmp/attached 2>&1 || case "$(cat /tmp/attached)" in
    *lready*) ;;
    *)
      echo "the policy $user could not be attached" >&2
      exit 1
      ;;
  esac
  echo "user and policy $user"
done
echo "done"
