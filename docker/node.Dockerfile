# syntax=docker/dockerfile:1
# A flotta node. Build from the root of the repository:
#   docker build -f docker/node.Dockerfile -t flotta-node .
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
RUN npm install --global pnpm@10.34.9
WORKDIR /build
# Dependencies first: they change less often than the code, and the lockfile alone decides what they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc .pnpmfile.cjs ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN pnpm --filter @flotta/store run generate \
 && pnpm --filter "@flotta/node..." run build
# Not the legacy way of deploying: that one resolves anew, where this one installs what the lockfile pins.
RUN pnpm --filter @flotta/node deploy --prod --offline --config.inject-workspace-packages=true /out
# What is never run: sources, types and maps, and the query compilers of databases that a node can't have.
RUN find /out -type f \( -name "*.ts" -o -name "*.mts" -o -name "*.cts" -o -name "*.map" \) -delete \
 && find /out -type f -name "query_compiler_*" ! -name "*_fast_bg.sqlite.*mjs" ! -name "*_fast_bg.postgresql.*mjs" -delete

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
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "bin/flotta.js", "health", "-c", "/etc/flotta/config.yaml"]
ENTRYPOINT ["node", "bin/flotta.js"]
CMD ["-c", "/etc/flotta/config.yaml"]
