# Three stages: everything to build, production modules alone, and what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json prisma.config.ts ./
COPY prisma prisma
COPY src src
RUN npm run build

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# Peers of Prisma's client that only its command line needs: more than half of the whole.
RUN cd node_modules && rm -rf prisma typescript @typescript effect @electric-sql react react-dom \
  @prisma/config @prisma/dev @prisma/engines @prisma/fetch-engine @prisma/get-platform \
  @prisma/query-plan-executor @prisma/streams-local @prisma/studio-core

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="guestdbg" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production GUESTDBG_HOST=0.0.0.0 GUESTDBG_PORT=8080 GUESTDBG_DATABASE=/data/guestdbg.db
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY prisma/migrations prisma/migrations
COPY openapi openapi
COPY package.json LICENSE ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GUESTDBG_PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
