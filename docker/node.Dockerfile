# syntax=docker/dockerfile:1
# A flotta node. Build from the root of the repository:
#   docker build -f docker/node.Dockerfile -t flotta-node .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN npm install --global pnpm@10.34.9
WORKDIR /build
# Dependencies first: they change less often than the code, and the lockfile alone decides what they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN pnpm --filter @flotta/store run generate \
 && pnpm --filter "@flotta/node..." run build
# Not the legacy way of deploying: that one resolves anew, where this one installs what the lockfile pins.
RUN pnpm --filter @flotta/node deploy --prod --offline --config.inject-workspace-packages=true /out

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="flotta node" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /out ./
# The only folder that is written to besides /tmp: keys, resources and the files of running jobs.
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/flotta
VOLUME /var/lib/flotta
USER node
EXPOSE 1456
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.FLOTTA_NODE__PORT || 1456}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/flotta.js"]
CMD ["-c", "/etc/flotta/config.yaml"]
