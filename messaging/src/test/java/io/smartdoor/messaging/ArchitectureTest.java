package io.smartdoor.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;

@AnalyzeClasses(
    packages = "io.smartdoor.messaging",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ADAPTER =
      "EventBridgePublisher|Entry|AwsClients|AwsFailure|DynamoDb\\w+|Sqs\\w+|Subscriptions|\\w+AutoConfiguration";

  @ArchTest
  static final ArchRule onlyAdaptersKnowAws =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(" + ADAPTER + ")(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "io.awspring..");

  @ArchTest
  static final ArchRule onlyAdaptersAndPropertiesKnowSpring =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(" + ADAPTER + "|\\w+Properties)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..");

  @ArchTest
  static final ArchRule onlyTracingKnowsOpenTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackages("..messaging.tracing..", "..messaging.testing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule adaptersAreHidden =
      classes()
          .that()
          .haveNameMatching(".*\\.(EventBridge|DynamoDb|Sqs|Queue|Subscriptions)\\w+")
          .should()
          .bePackagePrivate();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.smartdoor.messaging.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nothingDependsOnWhatIsForTests =
      noClasses()
          .that()
          .resideOutsideOfPackage("..testing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.smartdoor.messaging.testing..");

  @ArchTest
  static final ArchRule timeComesFromAClock =
      noClasses()
          .that()
          .haveNameNotMatching(".*AutoConfiguration")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      fields()
          .should()
          .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired");

  @ArchTest
  static final ArchRule itKnowsNoService =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.smartdoor.lock..",
              "io.smartdoor.notification..",
              "io.smartdoor.identification..");
}
