#!/usr/bin/env bash
# Completes the local stand-in for localstack/localstack that ../shared/docker/up.sh makes: LocalStack itself downloads what evaluates
# JSONata at the first execution of a state machine, and a container here reaches nobody.
# Usage: .ci/localstack-image.sh    (after up.sh; idempotent)
set -euo pipefail

image=localstack/localstack:4.14.0
version=0.9.7
place=/var/lib/localstack/lib/jsonata/$version
if docker run --rm --entrypoint test "$image" -f "$place/jsonata-$version.jar"; then
  exit 0
fi

context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
known=${XDG_CACHE_HOME:-$HOME/.cache}/smartdoor/localstack-4.14.0$place
if [ -f "$known/jsonata-$version.jar" ]; then
  cp -r "$known" "$context/jsonata"
else
  cat >"$context/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>jsonata</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.dashjoin</groupId><artifactId>jsonata</artifactId><version>$version</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.16.2</version></dependency>
  </dependencies>
</project>
POM
  mvn -q -B -f "$context/pom.xml" dependency:copy-dependencies -DoutputDirectory="$context/jsonata"
fi
printf 'FROM %s\nCOPY jsonata %s\n' "$image" "$place" >"$context/Dockerfile"
docker build -q -t "$image" "$context"
