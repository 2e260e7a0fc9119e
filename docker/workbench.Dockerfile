# syntax=docker/dockerfile:1
# A researcher's program that tries a network out and says by its exit code whether the answers are right. Build from the root of the
# repository:
#   docker build -f docker/workbench.Dockerfile -t flotta-workbench .
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
RUN npm install --global pnpm@10.34.9
WORKDIR /build
# Dependencies first: they change less often than the code, and the lockfile alone decides what they are.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc .pnpmfile.cjs ./
RUN pnpm fetch
COPY . .
RUN pnpm install --offline --frozen-lockfile
RUN pnpm --filter "@flotta/docker-workbench..." run build
# Not the legacy way of deploying: that one resolves anew, where this one installs what the lockfile pins.
RUN pnpm --filter @flotta/docker-workbench deploy --prod --offline --config.inject-workspace-packages=true /out
# What is never run: sources, types and maps.
RUN find /out -type f \( -name "*.ts" -o -name "*.mts" -o -name "*.cts" -o -name "*.map" \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="flotta workbench" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /out ./
# It keeps nothing: its key is made in /tmp and forgotten.
USER node
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "dist/main.js"]
