# syntax=docker/dockerfile:1

FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY docs docs
RUN --mount=type=cache,target=/root/.m2 mvn -B package -DskipTests -Dwithout-postgres
RUN java -Djarmode=tools -jar target/millrace-*.jar extract --layers --application-filename millrace.jar --destination layers

FROM eclipse-temurin:25-jre
# The image has no PostgreSQL: set MILLRACE_DATABASE_URL.
WORKDIR /opt/millrace
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
USER 10001:10001
# Inside the container the hub listens on every interface; publishing ports decides who can reach it. Clients that call
# it localhost need no setting; any other name must be in MILLRACE_HTTP_HOSTS. Since other machines may reach it, the hub
# starts only with MILLRACE_SECURITY_AUTHENTICATION=required (or MILLRACE_SECURITY_ALLOWANONYMOUSONNETWORK=true) and with
# SERVER_SSL_BUNDLE (or MILLRACE_SECURITY_ALLOWPLAINTEXTONNETWORK=true): docs/security.md.
ENV SERVER_ADDRESS=0.0.0.0 \
    JDK_JAVA_OPTIONS="-XX:+UseCompactObjectHeaders -XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
EXPOSE 8080
# The image has bash but no curl. The port of health and metrics listens within the container only, unless
# MANAGEMENT_SERVER_ADDRESS says otherwise. Health needs no key.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${MANAGEMENT_SERVER_PORT:-8090} && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-jar", "millrace.jar"]
