# Berth runs from its TypeScript sources: Node strips the types, so there is no build step.
FROM node:24-alpine AS dependencies
WORKDIR /berth
COPY package.json package-lock.json .npmrc ./
# The optional packages bring a Node for development; this image has its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-alpine
WORKDIR /berth
COPY --from=dependencies /berth/node_modules ./node_modules
COPY package.json LICENSE ./
COPY src ./src
RUN mkdir /data && chown node:node /data \
  && printf '#!/bin/sh\nexec node /berth/src/entrypoints/cli.ts "$@"\n' > /usr/local/bin/berth \
  && chmod 755 /usr/local/bin/berth
USER node
ENV NODE_ENV=production BERTH_LISTEN=0.0.0.0:8080 BERTH_DATA_DIR=/data
VOLUME /data
# The API, and the metrics where BERTH_METRICS_LISTEN turns them on.
EXPOSE 8080 9090
# Through Node itself: the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["berth", "health"]
ENTRYPOINT ["berth"]
CMD ["serve"]
