# One image for every process of the product: docker run capstan api | worker | migrate
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY db/patches db/patches
RUN npm ci --no-audit --no-fund
COPY . .
RUN npx vite build web && node -e "import('./worker/bundle.ts').then((bundle) => bundle.workflowBundle('.capstan/bundle'))"

FROM node:24.21.0-bookworm-slim AS packages
# For the native ciphers of ssh2; without a compiler it goes on in silence with slow ones.
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
COPY db/patches db/patches
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production CAPSTAN_API__HOST=0.0.0.0 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/web/dist web/dist
COPY --from=build --chown=node:node /app/.capstan .capstan
COPY package.json package-lock.json ./
COPY jobs jobs
COPY activities activities
COPY workflows workflows
COPY worker worker
COPY api api
COPY db db
COPY platform platform
COPY cli cli
COPY deploy/process.sh /usr/local/bin/capstan-process
USER node
EXPOSE 8420
ENTRYPOINT ["capstan-process"]
CMD ["api"]
