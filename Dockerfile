# One part of Rapport. The image holds kit, the command and that part, and nothing of the others:
#   docker build --build-arg PART=loyalty --tag rapport-loyalty .
ARG PYTHON=3.13-slim-bookworm

FROM python:${PYTHON} AS packages
# Taken from the environment of `docker compose build` where packages come from a mirror.
ARG PIP_INDEX_URL
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/rapport \
 && pip --python /opt/rapport/bin/python install --no-cache-dir --disable-pip-version-check \
    --only-binary :all: --require-hashes --requirement requirements.lock

FROM packages AS code
ARG PART
WORKDIR /source
COPY . ./
RUN mkdir -p /app/bin && cp -r kit rapport /app \
 && case "${PART:?name the part with --build-arg PART=}" in \
      gateway) cp -r gateway /app ;; \
      *) cp -r --parents services/__init__.py "services/$PART" /app ;; \
    esac \
 && printf '#!/opt/rapport/bin/python\nfrom rapport.__main__ import main\n\nmain()\n' > /app/bin/rapport \
 && chmod 755 /app/bin/rapport \
 && if test -f sbom.json; then cp sbom.json /app; fi \
 && python -m compileall -q /app

FROM python:${PYTHON}
ARG PART
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="rapport-${PART}" \
      org.opencontainers.image.description="The part ${PART} of Rapport, the customer-relationship backend of a mobile app" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# What a part keeps in files (the gateway: its secret) lies in its home, a volume; what the gateway and
# notify share, and what the gateway and each part share, beside it.
RUN useradd --uid 10001 --user-group --home-dir /var/lib/rapport --shell /usr/sbin/nologin rapport \
 && install -d -o rapport -g rapport -m 700 /var/lib/rapport /var/lib/rapport-shared \
    /var/lib/rapport-keys /var/lib/rapport-keys/gateway /var/lib/rapport-keys/profile \
    /var/lib/rapport-keys/loyalty /var/lib/rapport-keys/feedback /var/lib/rapport-keys/notify
COPY --from=packages /opt/rapport /opt/rapport
COPY --from=code /app /app
ENV PATH=/app/bin:/opt/rapport/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RAPPORT_PART=${PART}
WORKDIR /var/lib/rapport
USER 10001:10001
# 8090: the gateway's health and metrics, which its public port does not have to answer for.
EXPOSE 8080 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD port=8080; test "$RAPPORT_PART" != gateway || port=8090; \
        python -S -c "import urllib.request as web; web.urlopen('http://127.0.0.1:$port/readyz', timeout=4)"
CMD ["/bin/sh", "-c", "exec rapport serve \"$RAPPORT_PART\" --migrate"]
