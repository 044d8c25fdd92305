package io.smartdoor.http;

import jakarta.servlet.Filter;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Gives a service the admin token, problem documents and strict JSON. */
@AutoConfiguration(
    after = JacksonAutoConfiguration.class,
    before = WebMvcAutoConfiguration.class,
    beforeName = "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({AdminProperties.class, HttpProperties.class, LogProperties.class})
@Import({ProblemAdvice.class, NullBodyAdvice.class, ProblemErrorController.class})
class HttpApiAutoConfiguration {

  /** A number where a string belongs is a mistake: "id": 7 is not "id": "7". */
  @Bean
  JsonMapperBuilderCustomizer noNumbersAsStrings() {
    return builder ->
        builder.withCoercionConfig(
            LogicalType.Textual,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
  }

  /** Nor is 0 a false, or "true" a true. */
  @Bean
  JsonMapperBuilderCustomizer nothingElseAsBooleans() {
    return builder ->
        builder.withCoercionConfig(
            LogicalType.Boolean,
            config ->
                config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
  }

  @Bean
  RequestJson requestJson(JsonMapper json) {
    return new RequestJson(json);
  }

  @Bean
  ProblemWriter problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  @Bean
  FilterRegistrationBean<AdminTokenFilter> adminTokenFilter(
      AdminProperties admin, ObjectProvider<OpenEndpoint> open, ProblemWriter problems) {
    return ordered(
        new AdminTokenFilter(
            new AdminToken(admin.token()), open.orderedStream().toList(), problems),
        Ordered.HIGHEST_PRECEDENCE + 10);
  }

  @Bean
  FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(
      HttpProperties http, ObjectProvider<OpenEndpoint> open, ProblemWriter problems) {
    return ordered(
        new BodyLimitFilter(http.maxBody(), open.orderedStream().toList(), problems),
        Ordered.HIGHEST_PRECEDENCE + 20);
  }

  private static <F extends Filter> FilterRegistrationBean<F> ordered(F filter, int order) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(order);
    return registration;
  }

  /**
   * After Spring Boot's own valve, which writes a page: the last one added is the first to report.
   */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsFromTomcat(
      ProblemWriter problems) {
    return factory ->
        factory.addContextCustomizers(context -> {
          var host = (StandardHost) context.getParent();
          host.getPipeline().addValve(new ProblemReportValve(problems));
          host.setErrorReportValveClass(ProblemReportValve.class.getName());
        });
  }
}
