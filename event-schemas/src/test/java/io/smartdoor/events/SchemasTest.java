package io.smartdoor.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {

  private static final String BASE = "https://smartdoor.example/schemas/";

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder.schemas(iri -> Resources.text("schemas/" + iri.substring(BASE.length()))));

  private final EventCodec codec = new EventCodec();

  static Stream<String> samples() {
    return Resources.names("samples").stream();
  }

  static Stream<SmartDoorEvent> randomEvents() {
    var events = new RandomEvents(new Random(7));
    return Stream.generate(events::next).limit(300);
  }

  @ParameterizedTest
  @EnumSource(DetailType.class)
  void everyKindOfEventHasASchemaAndASample(DetailType detailType) {
    assertThat(Resources.json("schemas/" + fileOf(detailType)).get("title").stringValue())
        .isEqualTo(detailType.text());
    assertThat(
            samples()
                .map(name -> Resources.json("samples/" + name).get("detail-type").stringValue()))
        .contains(detailType.text());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aSampleIsValidReadableAndWithinTheBudget(String name) {
    var envelope = Resources.json("samples/" + name);
    var detail = envelope.get("detail").toString();

    assertThat(errors(detailTypeOf(envelope.get("detail-type").stringValue()), detail)).isEmpty();
    assertThat(codec.decode(envelope.toString()).event().detailType().text())
        .isEqualTo(envelope.get("detail-type").stringValue());
    assertThat(detail.getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(EventCodec.DETAIL_BUDGET);
  }

  @ParameterizedTest
  @MethodSource("randomEvents")
  void whatTheCodecWritesIsValid(SmartDoorEvent event) {
    assertThat(errors(event.detailType(), codec.detail(event))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"state\": \"open\"}",
        "{\"metadata\": {}, \"state\": \"open\"}",
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"}}",
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"}, \"state\": \"Open\"}",
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7\"}, \"state\": \"open\"}",
        "{\"metadata\": {\"idempotency-key\": \"6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96\"}, \"state\": \"open\", \"door\": {\"id\": \"Front\"}}"
      })
  void theSchemaRefusesWhatTheCodecRefuses(String detail) {
    var envelope =
        "{\"source\": \"SmartDoor\", \"detail-type\": \"Door Status\", \"time\": \"2026-11-23T07:31:05Z\", \"detail\": %s}"
            .formatted(detail);

    assertThat(errors(DetailType.DOOR_STATUS, detail)).isNotEmpty();
    assertThatThrownBy(() -> codec.decode(envelope)).isInstanceOf(InvalidEventException.class);
  }

  @Test
  void theSchemasNameTheStatesThatTheCodeKnows() {
    assertThat(
            Resources.json("schemas/door-status.json")
                .at("/properties/state/enum")
                .values()
                .stream())
        .map(state -> DoorState.of(state.stringValue()).orElseThrow())
        .containsExactly(DoorState.values());
  }

  private static List<Error> errors(DetailType detailType, String detail) {
    return schema(detailType)
        .validate(
            detail,
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  private static Schema schema(DetailType detailType) {
    return REGISTRY.getSchema(SchemaLocation.of(BASE + fileOf(detailType)));
  }

  private static DetailType detailTypeOf(String text) {
    return DetailType.of(text).orElseThrow();
  }

  private static String fileOf(DetailType detailType) {
    return detailType.text().toLowerCase(Locale.ROOT).replace(' ', '-') + ".json";
  }
}
