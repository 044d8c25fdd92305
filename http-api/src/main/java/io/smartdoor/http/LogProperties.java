package io.smartdoor.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service writes its log.
 *
 * @param format json (one ECS object a line) or terminal (lines for people)
 */
@ConfigurationProperties("smartdoor.log")
record LogProperties(@DefaultValue("json") LogFormat format) {}
