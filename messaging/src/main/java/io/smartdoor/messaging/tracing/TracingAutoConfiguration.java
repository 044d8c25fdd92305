package io.smartdoor.messaging.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link Traces} for every application: recorded by the OpenTelemetry that it has, or by one that
 * sends them where {@code smartdoor.tracing.endpoint} says, or not at all.
 */
@AutoConfiguration
@EnableConfigurationProperties(TracingProperties.class)
final class TracingAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Traces traces(ObjectProvider<OpenTelemetry> openTelemetry) {
    var given = openTelemetry.getIfAvailable();
    return given == null ? Traces.off() : Traces.by(given);
  }

  /** A class of its own: without an endpoint none of the SDK's classes is even loaded. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty("smartdoor.tracing.endpoint")
  static class Sending {

    /** Traces that a collector does not take in time are lost: nothing waits for them for long. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(OpenTelemetry.class)
    OpenTelemetrySdk openTelemetry(TracingProperties tracing, Environment environment) {
      var exporter =
          OtlpHttpSpanExporter.builder()
              .setEndpoint(tracing.endpoint().orElseThrow().toString())
              .setConnectTimeout(PATIENCE)
              .setTimeout(PATIENCE)
              .setRetryPolicy(null)
              .build();
      var service = environment.getProperty("spring.application.name", "smartdoor");
      return OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .setResource(
                      Resource.getDefault()
                          .merge(
                              Resource.create(
                                  Attributes.of(AttributeKey.stringKey("service.name"), service))))
                  .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(tracing.share())))
                  .addSpanProcessor(
                      BatchSpanProcessor.builder(exporter).setExporterTimeout(PATIENCE).build())
                  .build())
          .build();
    }
  }
}
