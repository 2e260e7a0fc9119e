# syntax=docker/dockerfile:1
# A data holder's client. It opens no port and holds no database. Build from the root of the repository:
#   docker build -f docker/client.Dockerfile -t flotta-client .
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
RUN npm install --global pnpm@10.34.9
WORKDIR /build
# Dependencies first: they change less often than the code, and the lockfile alone decides what they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc .pnpmfile.cjs ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN pnpm --filter "@flotta/client..." run build
# Not the legacy way of deploying: that one resolves anew, where this one installs what the lockfile pins.
RUN pnpm --filter @flotta/client deploy --prod --offline --config.inject-workspace-packages=true /out
# What is never run: sources, types and maps.
RUN find /out -type f \( -name "*.ts" -o -name "*.mts" -o -name "*.cts" -o -name "*.map" \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="flotta client" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /out ./
# The only folder that is written to besides /tmp: keys, the pinned node and the files of running jobs.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/flotta
VOLUME /var/lib/flotta
USER node
STOPSIGNAL SIGTERM
# Alive, whether its node is or not: a client that waits for its node needs no new start. It is read from a file, not from a port.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "bin/flotta-client.js", "health", "-c", "/etc/flotta/config.yaml"]
ENTRYPOINT ["node", "bin/flotta-client.js"]
CMD ["-c", "/etc/flotta/config.yaml"]
