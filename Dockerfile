# Untested in this repository's CI. Mount the checkout, and run as its owner, because git trusts nobody else's repository:
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" taskproof check
# Both stages are of one Debian release: a program that is built against a newer C library does not start on an older one.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends build-essential
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin taskproof

FROM debian:bookworm-slim
COPY --from=build /source/target/release/taskproof /usr/local/bin/taskproof
WORKDIR /work
USER nobody
ENTRYPOINT ["taskproof"]
