package io.smartdoor.identification.resident;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.identification.ServiceTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every answer is held against the OpenAPI document too. */
class ResidentApiTest extends ServiceTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ONE = "/v1/residents/{id}";
  private static final String ALL = "/v1/residents";

  private OpenApiDocument document;

  @BeforeEach
  void readDocument() throws Exception {
    document = new OpenApiDocument(send(anonymousRequest("/v3/api-docs")).body());
  }

  @Test
  void registersReplacesAndForgets() throws Exception {
    var anna =
        """
        {"credentials": [{"store": "api-pad", "id": "2"}, {"store": "api-fob", "id": "a:1"}]}
        """;

    var created = putResident("api-anna", anna);
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(json(created))
        .isEqualTo(
            JSON.readTree(
                """
                {
                  "id": "api-anna",
                  "credentials": [{"store": "api-fob", "id": "a:1"}, {"store": "api-pad", "id": "2"}]
                }
                """));

    var again = putResident("api-anna", anna);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(created.body());
    assertThat(getResident("api-anna").body()).isEqualTo(created.body());

    var replaced = putResident("api-anna", "{\"credentials\": []}");
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(json(getResident("api-anna")).path("credentials").isEmpty()).isTrue();

    assertThat(deleteResident("api-anna").statusCode()).isEqualTo(204);
    assertProblem(getResident("api-anna"), 404, "there is no resident api-anna");
    assertProblem(deleteResident("api-anna"), 404, "there is no resident api-anna");
  }

  @Test
  void namesTheCredentialsThatBelongToOthers() throws Exception {
    putResident("api-ben", "{\"credentials\": [{\"store\": \"api-pad\", \"id\": \"7\"}]}");

    var refused =
        putResident(
            "api-cleo",
            """
            {"credentials": [{"store": "api-pad", "id": "8"}, {"store": "api-pad", "id": "7"}]}
            """);

    assertProblem(refused, 409, "a credential belongs to one resident: api-pad/7");
    assertThat(json(refused).path("errors"))
        .isEqualTo(
            JSON.readTree(
                """
                [{
                  "field": "credentials[1]",
                  "problem": "api-pad/7 belongs to resident api-ben"
                }]
                """));
    assertThat(getResident("api-cleo").statusCode()).isEqualTo(404);
  }

  @Test
  void givesACredentialToOneOfManyWhoWantItAtOnce() throws Exception {
    var body = "{\"credentials\": [{\"store\": \"api-race\", \"id\": \"1\"}]}";

    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      var answers = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < 6; i++) {
        var id = "api-racer-" + i;
        answers.add(threads.submit(() -> put("/v1/residents/" + id, body)));
      }
      for (var answer : answers) {
        statuses.add(answer.get().statusCode());
      }
    }

    assertThat(statuses).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
  }

  @Test
  void listsPageByPage() throws Exception {
    for (int i = 0; i < 5; i++) {
      putResident("api-list-" + i, "{\"credentials\": []}");
    }

    var seen = new ArrayList<String>();
    var path = "/v1/residents?limit=2";
    for (var next = path; next != null; ) {
      var page = get(next);
      assertThat(page.statusCode()).isEqualTo(200);
      document.assertDescribes(ALL, "get", page);
      json(page).path("items").forEach(it -> seen.add(it.path("id").stringValue()));
      next =
          json(page).has("next") ? path + "&cursor=" + json(page).path("next").stringValue() : null;
    }

    assertThat(seen)
        .contains("api-list-0", "api-list-1", "api-list-2", "api-list-3", "api-list-4")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"limit=0, limit", "limit=101, limit", "limit=x, limit", "cursor=Anna, cursor"})
  void refusesOtherPages(String query, String field) throws Exception {
    var refused = get("/v1/residents?" + query);

    document.assertDescribes(ALL, "get", refused);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(fieldsOf(refused)).containsExactly(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                     | credentials",
        "{\"credentials\": null}                                | credentials",
        "{\"credentials\": {}}                                  | credentials",
        "{\"credentials\": [null]}                              | credentials[0]",
        "{\"credentials\": [{}]}                                | credentials[0].store",
        "{\"credentials\": [{\"store\": \"pad\"}]}              | credentials[0].id",
        "{\"credentials\": [{\"store\": \"pad\", \"id\": 7}]}   | credentials[0].id",
        "{\"credentials\": [{\"store\": \"pad\", \"id\": \"\"}]} | credentials[0].id",
        "{\"credentials\": [{\"store\": \"pad\", \"id\": \"a#b\"}]} | credentials[0].id",
        "{\"credentials\": [{\"store\": \"Pad\", \"id\": \"1\"}]} | credentials[0].store",
        "{\"credentials\": [], \"name\": \"Anna\"}              | name",
        "{\"credentials\": [{\"store\": \"pad\", \"id\": \"1\", \"x\": 1}]} | credentials[0].x"
      })
  void refusesABodyThatTheDocumentRefuses(String body, String field) throws Exception {
    document.assertRefuses(ONE, "put", body);

    assertRefused(putResident("api-nobody", body), field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"credentials\": [{\"store\": \"residents\", \"id\": \"1\"}]} | credentials[0].store",
        "{\"credentials\": [{\"store\": \"a\", \"id\": \"1\"}, {\"id\": \"1\", \"store\": \"a\"}]}"
            + " | credentials[1]"
      })
  void refusesMoreThanASchemaCanSay(String body, String field) throws Exception {
    assertRefused(putResident("api-nobody", body), field);
  }

  @Test
  void refusesMoreCredentialsThanThereMayBe() throws Exception {
    document.assertAccepts(ONE, "put", bodyWith(Resident.MAX_CREDENTIALS));
    document.assertRefuses(ONE, "put", bodyWith(Resident.MAX_CREDENTIALS + 1));

    assertThat(putResident("api-many", bodyWith(Resident.MAX_CREDENTIALS)).statusCode())
        .isEqualTo(201);
    assertRefused(putResident("api-many", bodyWith(Resident.MAX_CREDENTIALS + 1)), "credentials");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Anna", "-anna", "an_na", "an%23na", "%C3%A4"})
  void refusesAnIdThatCannotBe(String id) throws Exception {
    assertRefused(putResident(id, "{\"credentials\": []}"), "id");
    assertRefused(getResident(id), "id");
    assertRefused(deleteResident(id), "id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "7"})
  void refusesABodyThatIsNoObject(String body) throws Exception {
    var refused = putResident("api-nobody", body);

    assertThat(refused.statusCode()).isEqualTo(400);
    document.assertDescribes(ONE, "put", refused);
  }

  @Test
  void refusesAnotherMediaType() throws Exception {
    var refused =
        send(
            request("/v1/residents/api-nobody")
                .header("Content-Type", "text/plain")
                .PUT(BodyPublishers.ofString("{\"credentials\": []}")));

    assertThat(refused.statusCode()).isEqualTo(415);
    document.assertDescribes(ONE, "put", refused);
  }

  @Test
  void answersNobodyWithoutTheToken() throws Exception {
    var get = send(anonymousRequest("/v1/residents/api-anna"));
    var list = send(anonymousRequest("/v1/residents"));
    var delete = send(anonymousRequest("/v1/residents/api-anna").DELETE());
    var put =
        send(
            anonymousRequest("/v1/residents/api-anna")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"credentials\": []}")));

    assertThat(List.of(get, list, delete, put))
        .allSatisfy(it -> assertThat(it.statusCode()).isEqualTo(401));
    document.assertDescribes(ONE, "get", get);
    document.assertDescribes(ALL, "get", list);
    document.assertDescribes(ONE, "delete", delete);
    document.assertDescribes(ONE, "put", put);
  }

  @Test
  void answersAboutItsHealthToAnybody() throws Exception {
    var health = send(anonymousRequest("/actuator/health"));

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(json(health).path("status").stringValue()).isEqualTo("UP");
  }

  @Test
  void documentsWhatAClientHasToKnow() {
    var body = document.json().path("components").path("schemas").path("Credential");
    assertThat(body.path("required").valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrder("store", "id");
    assertThat(body.path("properties").path("id").path("pattern").stringValue())
        .isEqualTo("^[A-Za-z0-9._:@-]{1,128}$");
    assertThat(document.operation(ONE, "put").path("responses").propertyNames())
        .contains("200", "201", "400", "401", "409", "503");
    assertThat(document.operation(ONE, "delete").path("responses").propertyNames())
        .contains("204", "401", "404");
  }

  private HttpResponse<String> putResident(String id, String body) throws Exception {
    var response = put("/v1/residents/" + id, body);
    document.assertDescribes(ONE, "put", response);
    return response;
  }

  private HttpResponse<String> getResident(String id) throws Exception {
    var response = get("/v1/residents/" + id);
    document.assertDescribes(ONE, "get", response);
    return response;
  }

  private HttpResponse<String> deleteResident(String id) throws Exception {
    var response = delete("/v1/residents/" + id);
    document.assertDescribes(ONE, "delete", response);
    return response;
  }

  private static String bodyWith(int credentials) {
    return IntStream.range(0, credentials)
        .mapToObj("{\"store\": \"api-many\", \"id\": \"%d\"}"::formatted)
        .collect(Collectors.joining(", ", "{\"credentials\": [", "]}"));
  }

  private static void assertRefused(HttpResponse<String> response, String field) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(fieldsOf(response)).containsExactly(field);
  }

  private static void assertProblem(HttpResponse<String> response, int status, String detail) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("detail").stringValue()).isEqualTo(detail);
  }

  private static List<String> fieldsOf(HttpResponse<String> response) {
    return json(response)
        .path("errors")
        .valueStream()
        .map(it -> it.path("field").stringValue())
        .toList();
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}
