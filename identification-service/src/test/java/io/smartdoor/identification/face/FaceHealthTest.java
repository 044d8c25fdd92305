package io.smartdoor.identification.face;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.identification.ServiceTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FaceHealthTest extends ServiceTest {

  @Test
  void saysHowFacesAreComparedToWhomKnowsTheAdminToken() throws Exception {
    assertThat(send(anonymousRequest("/actuator/health/faces")).statusCode()).isEqualTo(401);

    var answer = get("/actuator/health/faces");

    assertThat(answer.statusCode()).isEqualTo(200);
    var faces = JsonMapper.shared().readTree(answer.body()).at("/components/faceMatching/details");
    assertThat(faces.path("method").asString()).startsWith("demonstration");
    assertThat(faces.path("opencv").asString()).isEqualTo("not loaded: there was no face yet");
  }

  @Test
  void makesNothingUnready() throws Exception {
    assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
    assertThat(get("/actuator/health").body()).contains("\"UP\"");
  }
}
