package io.smartdoor.http;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What a request may be like.
 *
 * @param maxBody the most that a request's body may hold, 1B or more; an endpoint may allow less
 */
@ConfigurationProperties("smartdoor.http")
record HttpProperties(@DefaultValue("64KB") DataSize maxBody) {

  HttpProperties {
    UnusableSettingException.unless(
        maxBody.toBytes() >= 1, "smartdoor.http.max-body", "1B or more", maxBody);
  }
}
