#!/usr/bin/env bash
# Where no registry of images is reached: a local stand-in for `maven:3.9-eclipse-temurin-25`, as ../shared/docker/up.sh makes
# them for the other base images. It has this machine's Maven, and what its builds have downloaded, and asks nobody else.
# Usage: .ci/maven-image.sh    (after up.sh; made anew when a POM has changed)
set -euo pipefail
cd "$(dirname "$0")/.."

image=maven:3.9-eclipse-temurin-25
label=smartdoor.poms
poms=$(cat .ci/maven-image.sh pom.xml ./*/pom.xml | sha256sum | cut -c1-12)
if [ "$(docker image inspect "$image" --format "{{index .Config.Labels \"$label\"}}" 2>/dev/null)" = "$poms" ]; then
  exit 0
fi
if docker image inspect "$image" --format '{{json .RepoDigests}}' 2>/dev/null | grep -q sha256; then
  exit 0 # the real one
fi

# Whatever the images' build asks for is then there.
java_home=$(python3 -c 'import sys; sys.path.insert(0, "infra"); from launcher import jdk; print(jdk.find())')
JAVA_HOME=$java_home mvn -q -B -Psbom -Dmaven.test.skip=true package \
  -pl lock-service,notification-service,identification-service -am

maven=$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp -rL "$maven" "$context/maven"
cp -r ~/.m2/repository "$context/repository"
cat >"$context/Dockerfile" <<D
FROM eclipse-temurin:25-jre
LABEL $label=$poms
COPY maven /opt/maven
COPY repository /root/.m2/repository
RUN ln -s /opt/maven/bin/mvn /usr/local/bin/mvn
D
docker build -q -t "$image" "$context"
