# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
ARG VERSION=devel
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=${VERSION}" -o /out/muster ./cmd/muster \
    && mkdir -m 0700 /out/data /out/tmp

# Nothing but the program, the certificates that import and export need for
# https, and folders that it may write to. The time zones are in the program.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/muster /muster
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
ENV MUSTER_DATA=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/muster"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
