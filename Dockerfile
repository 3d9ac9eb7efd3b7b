# syntax=docker/dockerfile:1
# The web console, with the agent that it serves and attaches. Build: docker build -t loom-console .
# Run: docker run -p 127.0.0.1:8080:8080 -v loom-data:/data loom-console     (the first start prints the admin password)

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY . .
RUN mvn -q -B -ntp -pl console,agent/dist -am package -DskipTests

# A JDK and not a JRE: attaching to a JVM next to it (a shared process namespace) takes the attach API.
FROM eclipse-temurin:25-jdk
RUN useradd --system --user-group --home-dir /data --shell /usr/sbin/nologin loom \
    && mkdir /data \
    && chown loom:loom /data
COPY --from=build /build/console/target/loom-console.jar /opt/loom/loom-console.jar
COPY --from=build /build/agent/dist/target/loom-agent.jar /opt/loom/loom-agent.jar

USER loom
WORKDIR /data
ENV LOOM_DATA=/data
VOLUME /data
EXPOSE 8080

# In bash alone, as the image need not have curl. Set LOOM_HEALTH_PATH with a context path, as in /loom/actuator/health.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-8080} && printf 'GET %s HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' ${LOOM_HEALTH_PATH:-/actuator/health} >&3 && grep -q '\"status\":\"UP\"' <&3"]

ENTRYPOINT ["java", "-XX:MaxRAMPercentage=75", "-jar", "/opt/loom/loom-console.jar"]
