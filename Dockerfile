# Untested in this repository's CI. Mount the checkout: docker run --rm -v "$PWD:/work" taskproof check
FROM rust:1.95-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends build-essential
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin taskproof

FROM debian:12-slim
COPY --from=build /source/target/release/taskproof /usr/local/bin/taskproof
WORKDIR /work
USER nobody
ENTRYPOINT ["taskproof"]
