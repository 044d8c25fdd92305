package io.smartdoor.notification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
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

@AnalyzeClasses(packages = "io.smartdoor.notification", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /** Adapters: to AWS, to HTTP, to Spring's container. By their outermost class. */
  private static final String AWS_ADAPTER = ".*\\.DynamoDb\\w+(\\$.*)?";

  /** A transaction over two tables has the conditions, and the conflicts, of both. */
  private static final String SHARED_BY_ADAPTERS = ".*\\.DynamoDb(Presence|Conflicts)";

  private static final String HTTP_ADAPTER = ".*\\.\\w+Controller(\\$.*)?";
  private static final String WIRING = ".*\\.\\w+(Configuration|Application)(\\$.*)?";

  @ArchTest
  static final ArchRule onlyAdaptersAndWiringKnowAws =
      noClasses()
          .that()
          .haveNameNotMatching(AWS_ADAPTER)
          .and()
          .haveNameNotMatching(WIRING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "io.awspring..");

  @ArchTest
  static final ArchRule onlyControllersAndWiringKnowSpringAndHttp =
      noClasses()
          .that()
          .haveNameNotMatching(HTTP_ADAPTER)
          .and()
          .haveNameNotMatching(WIRING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..", "jakarta..", "io.swagger..", "io.smartdoor.http..");

  @ArchTest
  static final ArchRule adaptersToAwsAreHidden =
      classes()
          .that()
          .haveNameMatching(AWS_ADAPTER)
          .and()
          .haveNameNotMatching(SHARED_BY_ADAPTERS)
          .should()
          .bePackagePrivate();

  @ArchTest
  static final ArchRule whatIsSharedByAdaptersIsUsedByNobodyElse =
      classes()
          .that()
          .haveNameMatching(SHARED_BY_ADAPTERS)
          .should()
          .onlyHaveDependentClassesThat()
          .haveNameMatching(AWS_ADAPTER + "|" + WIRING);

  @ArchTest
  static final ArchRule controllersAreHidden =
      classes().that().haveSimpleNameEndingWith("Controller").should().bePackagePrivate();

  @ArchTest
  static final ArchRule packagesDoNotGoInCircles =
      slices().matching("io.smartdoor.notification.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule deliveryKnowsNoChannel =
      noClasses()
          .that()
          .resideInAPackage("..notification.delivery..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..notification.inbox..");

  @ArchTest
  static final ArchRule noOtherServiceIsKnown =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.smartdoor.lock..", "io.smartdoor.identification..");

  @ArchTest
  static final ArchRule timeComesFromAClockThatIsGiven =
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
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields =
      noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class);
}
