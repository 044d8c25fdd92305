# Deploys the stacks into LocalStack: the launcher's own code, run by the Python and the AWS CLI that LocalStack brings along.
# The build's context is the repository.
FROM localstack/localstack:4.14.0
# Neither is on the path of every build of that image; the CLI's first line names its Python.
RUN cli=$(find / -xdev -type f -path '*/bin/aws' | head -n 1) && test -n "$cli" \
  && python=$(sed -n '1s/^#! *//p' "$cli") && ln -sf "$cli" /usr/local/bin/aws && ln -sf "$python" /usr/local/bin/smartdoor-python \
  && aws --version
WORKDIR /smartdoor
COPY smartdoor ./
COPY infra/jvm infra/jvm/
COPY infra/launcher infra/launcher/
COPY infra/stacks infra/stacks/
COPY infra/workflows infra/workflows/
COPY event-schemas/src/main/resources event-schemas/src/main/resources/
HEALTHCHECK NONE
ENTRYPOINT ["smartdoor-python", "smartdoor", "stacks", "deploy"]
