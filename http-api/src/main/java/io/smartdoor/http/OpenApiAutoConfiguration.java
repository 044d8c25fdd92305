package io.smartdoor.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/** The OpenAPI document at {@code /v3/api-docs}. */
@AutoConfiguration(before = SpringDocConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class OpenApiAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  OpenAPI openApi(@Value("${spring.application.name:SmartDoor}") String name) {
    return new OpenAPI()
        .info(new Info().title(name).version("v1"))
        .servers(List.of(new Server().url("/")));
  }

  /**
   * springdoc names properties by a mapper of its own, whatever the service's says. A copy, because
   * the same mapper writes the document, whose own names are not in kebab-case.
   */
  @Bean
  ModelResolver kebabCaseModelResolver(ObjectMapperProvider mappers) {
    var mapper = mappers.jsonMapper().copy();
    mapper.setPropertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE);
    return new ModelResolver(mapper).openapi31(mappers.isOpenapi31());
  }

  @Bean
  GlobalOpenApiCustomizer documentedRefusals(ObjectProvider<OpenEndpoint> open) {
    return new DocumentedRefusals(open.orderedStream().toList());
  }
}
