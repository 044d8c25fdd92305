package io.smartdoor.system;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Takes traces by OTLP over HTTP, as any collector does, and shows them. */
final class Collector implements AutoCloseable {

  private static final String PATH = "/v1/traces";

  /** A span, and which service sent it; {@code parent} is empty where it has none. */
  record Received(
      String service,
      String name,
      SpanKind kind,
      String trace,
      String id,
      String parent,
      String detailType) {}

  private final HttpServer server;
  private final List<Received> spans = new CopyOnWriteArrayList<>();

  private Collector(HttpServer server) {
    this.server = server;
  }

  static Collector start() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var collector = new Collector(server);
      server.createContext(
          PATH,
          exchange -> {
            try (exchange;
                var body = exchange.getRequestBody()) {
              collector.take(ExportTraceServiceRequest.parseFrom(body));
              exchange.sendResponseHeaders(200, -1);
            }
          });
      server.start();
      return collector;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String endpoint() {
    return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), PATH);
  }

  List<Received> spans() {
    return List.copyOf(spans);
  }

  private void take(ExportTraceServiceRequest request) {
    request.getResourceSpansList().stream().flatMap(Collector::received).forEach(spans::add);
  }

  private static Stream<Received> received(ResourceSpans sent) {
    var service = text(sent.getResource().getAttributesList(), "service.name");
    return sent.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span ->
            new Received(
                service,
                span.getName(),
                span.getKind(),
                hex(span.getTraceId().toByteArray()),
                hex(span.getSpanId().toByteArray()),
                hex(span.getParentSpanId().toByteArray()),
                text(span.getAttributesList(), "smartdoor.detail-type")));
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private static String text(List<KeyValue> attributes, String name) {
    return attributes.stream()
        .filter(it -> it.getKey().equals(name))
        .map(it -> it.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
