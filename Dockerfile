# syntax=docker/dockerfile:1

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY docs docs
RUN --mount=type=cache,target=/root/.m2 mvn -B package -DskipTests
RUN java -Djarmode=tools -jar target/millrace-*.jar extract --layers --application-filename millrace.jar --destination layers

FROM eclipse-temurin:25-jre
# The embedded PostgreSQL, for a hub that is given no database, wants its user to have a name.
RUN groupadd --gid 10001 millrace \
    && useradd --uid 10001 --gid millrace --no-create-home --home-dir /var/lib/millrace --shell /usr/sbin/nologin millrace \
    && install --directory --owner=millrace --group=millrace --mode=700 /var/lib/millrace
WORKDIR /opt/millrace
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
USER 10001:10001
# Inside the container the hub listens on every interface; which of them can be reached is said outside.
# Called as localhost, through a published port, it needs nothing else; any other name goes into MILLRACE_HTTP_HOSTS.
ENV SERVER_ADDRESS=0.0.0.0 \
    MILLRACE_HOME=/var/lib/millrace \
    JDK_JAVA_OPTIONS="-XX:+UseCompactObjectHeaders -XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
VOLUME /var/lib/millrace
EXPOSE 8080
# The image has bash but no curl.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-jar", "millrace.jar"]
