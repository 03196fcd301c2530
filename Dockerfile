# One image for web, engine and every command. Built from hash-pinned locks; runs as nobody in particular.
FROM python:3.13-slim AS build
WORKDIR /srv/wayhome
RUN python3 -m venv /opt/wayhome
COPY requirements/run.lock requirements/run.lock
RUN /opt/wayhome/bin/pip install --no-cache-dir --require-hashes -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY shared shared
COPY server server
COPY mobile mobile
RUN /opt/wayhome/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /srv/wayhome --create-home wayhome
COPY --from=build /opt/wayhome /opt/wayhome
ENV PATH=/opt/wayhome/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WAYHOME_DATA_DIR=/srv/wayhome/instance
USER wayhome
WORKDIR /srv/wayhome
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["wayhome"]
CMD ["web", "--host", "0.0.0.0"]
