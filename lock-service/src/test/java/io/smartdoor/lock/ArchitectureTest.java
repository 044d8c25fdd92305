package io.smartdoor.lock;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

@AnalyzeClasses(
    packages = "io.smartdoor.lock",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** By their names, nested classes included. The last are HTTP's side of the controllers. */
  private static final String ADAPTERS =
      "io\\.smartdoor\\.lock\\.(\\w+\\.)?"
          + "(DynamoDb\\w+|S3\\w+|\\w+Controller|\\w+Configuration|\\w+Application|WebhookRequest|Gate)(\\$.*)?";

  @ArchTest
  static final ArchRule only_adapters_know_spring_and_aws =
      noClasses()
          .that()
          .haveNameNotMatching(ADAPTERS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "software.amazon..", "io.awspring..", "jakarta..");

  @ArchTest
  static final ArchRule adapters_are_hidden =
      noClasses()
          .that()
          .haveNameMatching(ADAPTERS)
          .and()
          .doNotHaveSimpleName("LockServiceApplication")
          .and()
          .haveNameNotMatching(".*\\.Gate(\\$.*)?") // which several controllers share
          .should()
          .bePublic();

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("io.smartdoor.lock.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_outbox_knows_neither_doors_nor_webhooks =
      noClasses()
          .that()
          .resideInAPackage("..lock.outbox..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..lock.door..", "..lock.webhook..");

  @ArchTest
  static final ArchRule no_service_knows_another =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.smartdoor.notification..", "io.smartdoor.identification..");

  @ArchTest
  static final ArchRule time_comes_from_a_clock =
      noClasses()
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(OffsetDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule nothing_is_injected_into_fields =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);
}
