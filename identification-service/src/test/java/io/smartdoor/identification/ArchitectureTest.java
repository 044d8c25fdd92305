package io.smartdoor.identification;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

@AnalyzeClasses(
    packages = "io.smartdoor.identification",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** What may know Spring or the AWS SDK, with what is nested in it. */
  private static final String OUTSIDE =
      ".*\\.(DynamoDb\\w+|StepFunctions\\w+|Rekognition\\w+|\\w+Controller|\\w+Configuration|\\w+Properties"
          + "|IdentificationServiceApplication)(\\$.*)?";

  @ArchTest
  static final ArchRule domainKnowsNoFramework =
      noClasses()
          .that()
          .haveNameNotMatching(OUTSIDE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.springframework..",
                  "software.amazon..",
                  "io.awspring..",
                  "io.swagger..",
                  "jakarta.."));

  @ArchTest
  static final ArchRule nativeCodeStaysBehindThePort =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.face\\.OpenCv\\w+(\\$.*)?")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.bytedeco.."));

  @ArchTest
  static final ArchRule adaptersAreNotPublic =
      classes()
          .that()
          .haveNameMatching(OUTSIDE)
          .and()
          .doNotHaveSimpleName("IdentificationServiceApplication")
          .should()
          .notBePublic();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.smartdoor.identification.(*)..").should().beFreeOfCycles();

  /** Residents are reached by the workflow over their table alone, and know of no workflow. */
  @ArchTest
  static final ArchRule featuresDoNotKnowEachOther =
      slices().matching("io.smartdoor.identification.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule timeComesFromAClock =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Configuration")
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
          .notBeAnnotatedWith(Autowired.class)
          .andShould()
          .notBeAnnotatedWith(Value.class);

  @ArchTest
  static final ArchRule servicesMeetOnTheBusAlone =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.smartdoor.lock..", "io.smartdoor.notification..");
}
