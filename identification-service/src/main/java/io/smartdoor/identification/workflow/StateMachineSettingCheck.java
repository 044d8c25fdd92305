package io.smartdoor.identification.workflow;

import io.smartdoor.http.UnusableSettingException;
import java.util.regex.Pattern;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Looks at the one setting that has no default, before anything is started: which state machine
 * finds out who came. Its name alone would do on one account; its ARN is also what executions that
 * died are told apart by.
 */
final class StateMachineSettingCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final String PROPERTY = "smartdoor.identification.state-machine-arn";
  private static final String VARIABLE = "SMARTDOOR_IDENTIFICATION_STATEMACHINEARN";

  /** A state machine's, not a version's or an alias's: those begin with another colon. */
  private static final Pattern FORM =
      Pattern.compile("arn:[^:]+:states:[^:]+:[0-9]{12}:stateMachine:[^:]{1,80}");

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (context instanceof WebServerApplicationContext) {
      var arn = context.getEnvironment().getProperty(PROPERTY, "");
      if (arn.isBlank()) {
        throw new UnusableSettingException(
            "%s is not set: expected the ARN of the identification workflow's state machine"
                .formatted(VARIABLE));
      }
      if (!FORM.matcher(arn).matches()) {
        throw new UnusableSettingException(
            "%s: expected the ARN of a state machine, without version or alias, found \"%s\""
                .formatted(VARIABLE, arn));
      }
    }
  }
}
