# One image for every service of docker-compose.yml: the words behind `premium` differ.
# It holds no secret and no setting; docs/deployment.md says how to pin the base image
# by digest as well.

FROM python:3.11.14-slim-bookworm AS build

WORKDIR /build
RUN python -m venv /opt/premium
COPY requirements/deploy.txt requirements/
RUN /opt/premium/bin/python -m pip install --disable-pip-version-check --no-cache-dir \
    --require-hashes --only-binary :all: --requirement requirements/deploy.txt
COPY pyproject.toml README.md ./
COPY ledger ledger
COPY projections projections
COPY consumers consumers
COPY interfaces interfaces
RUN /opt/premium/bin/python -m pip install --disable-pip-version-check --no-cache-dir \
    --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm

# A number, so that a cluster can see that it is not root.
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin premium \
    && install --directory --owner=10001 --group=10001 /srv/premium
COPY --from=build /opt/premium /opt/premium
USER 10001:10001
WORKDIR /srv/premium
ENV PATH=/opt/premium/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# The process gets SIGTERM itself, ends behind the batch under way, and loses nothing.
ENTRYPOINT ["premium"]
CMD ["--help"]
