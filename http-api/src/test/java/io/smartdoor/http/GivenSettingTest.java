package io.smartdoor.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class GivenSettingTest {

  private static final ConfigurationPropertyName DOOR_RATE =
      ConfigurationPropertyName.of("smartdoor.lock.webhooks.door-rate");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SMARTDOOR_LOCK_WEBHOOKS_DOORRATE",
        "SMARTDOOR_LOCK_WEBHOOKS_DOOR_RATE",
        "smartdoor_lock_webhooks_doorrate",
        "SMARTDOOR_LOCK_WEB_HOOKS_DOORRATE",
        "SMARTDOOR_LOCK_WEBHOOKSDOORRATE",
        "SMARTDOOR_LOCK_WEBHOOKS_DOORRATES",
        "SMARTDOOR_LOCK_WEBHOOKS__DOORRATE",
        "SMARTDOOR_LOCK_WEBHOOKS_DOORRATE_"
      })
  void anEnvironmentVariableSetsWhatSpringReadsFromIt(String name) {
    var environment =
        environment(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, "7")));

    assertThat(isKnown(environment)).isEqualTo(isRead(environment));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "smartdoor.lock.webhooks.door-rate",
        "smartdoor.lock.webhooks.doorRate",
        "smartdoor.lock.webhooks.door_rate",
        "smartdoor.lock.web-hooks.doorrate",
        "SmartDoor.Lock.Webhooks.DoorRate",
        "smart-door.lock.webhooks.door-rate",
        "smartdoor.lock.webhooks.door.rate",
        "smartdoor.lock.webhooks.door-rates",
        "smartdoor.lock.webhooks.door-rate[0]",
        "SMARTDOOR_LOCK_WEBHOOKS_DOORRATE"
      })
  void anyOtherPropertySetsWhatSpringReadsFromIt(String name) {
    var environment = environment(new MapPropertySource("command line", Map.of(name, "7")));

    assertThat(isKnown(environment)).isEqualTo(isRead(environment));
  }

  @Test
  void whatTheLauncherAndTheTestsAreToldIsNoSettingOfAService() {
    var environment =
        environment(
            new SystemEnvironmentPropertySource(
                "systemEnvironment",
                Map.of(
                    "SMARTDOOR_HOME", "/home/me/doors",
                    "SMARTDOOR_FUZZ_SEED", "4",
                    "SMARTDOOR_PORT_LOCK", "9081",
                    "SMARTDOOR_TAG", "mine",
                    "SMARTDOOR_REVISION", "abc",
                    "SMARTDOORS", "two",
                    "SMARTDOOR_HOMES", "two")));

    assertThat(GivenSetting.in(environment))
        .extracting(GivenSetting::name)
        .containsExactly("SMARTDOOR_HOMES");
  }

  private static ConfigurableEnvironment environment(MapPropertySource source) {
    var environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(it -> {
          environment.getPropertySources().remove(it.getName());
        });
    environment.getPropertySources().addFirst(source);
    return environment;
  }

  private static boolean isKnown(ConfigurableEnvironment environment) {
    assertThat(GivenSetting.in(environment)).hasSize(1);
    return GivenSetting.in(environment).getFirst().sets(DOOR_RATE);
  }

  private static boolean isRead(ConfigurableEnvironment environment) {
    return Binder.get(environment).bind(DOOR_RATE.toString(), String.class).isBound();
  }
}
