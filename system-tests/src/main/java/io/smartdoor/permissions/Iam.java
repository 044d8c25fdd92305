package io.smartdoor.permissions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.smartdoor.infra.testing.LocalAws;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The five calls of IAM's Query API that a role's policies take. Spoken plainly: emulators check no
 * signature, and proofs reach no other AWS.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html">
 *     GetPolicyVersion</a>, for one: documents are URL-encoded
 */
final class Iam {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final LocalAws aws;
  private final HttpClient http;

  Iam(LocalAws aws, HttpClient http) {
    this.aws = aws;
    this.http = http;
  }

  /** The documents of all policies, managed ones in the version that counts. */
  List<JsonNode> policiesOf(String role) throws InterruptedException {
    var documents = new ArrayList<JsonNode>();
    var attached = ask("ListAttachedRolePolicies", Map.of("RoleName", role));
    for (var arn : texts(attached, "PolicyArn")) {
      var policy = ask("GetPolicy", Map.of("PolicyArn", arn));
      var version = texts(policy, "DefaultVersionId").getFirst();
      var found = ask("GetPolicyVersion", Map.of("PolicyArn", arn, "VersionId", version));
      documents.add(document(found, "Document"));
    }
    var own = ask("ListRolePolicies", Map.of("RoleName", role));
    for (var name : texts(own, "member")) {
      var found = ask("GetRolePolicy", Map.of("RoleName", role, "PolicyName", name));
      documents.add(document(found, "PolicyDocument"));
    }
    return documents;
  }

  private static JsonNode document(Document answer, String element) {
    var text = URLDecoder.decode(texts(answer, element).getFirst(), UTF_8);
    return JsonMapper.shared().readTree(text);
  }

  private static List<String> texts(Document answer, String element) {
    var found = answer.getElementsByTagName(element);
    return IntStream.range(0, found.getLength())
        .mapToObj(it -> found.item(it).getTextContent().strip())
        .toList();
  }

  private Document ask(String action, Map<String, String> parameters) throws InterruptedException {
    var fields = new TreeMap<>(parameters);
    fields.put("Action", action);
    fields.put("Version", "2010-05-08");
    var form =
        fields.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), UTF_8))
            .collect(joining("&"));
    var request =
        HttpRequest.newBuilder(aws.endpoint())
            .timeout(LIMIT)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
                    .formatted(aws.accessKeyId()))
            .POST(BodyPublishers.ofString(form))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "expected IAM to do %s, found %d %s"
                .formatted(form, answer.statusCode(), new String(answer.body(), UTF_8)));
      }
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(answer.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException("expected XML from IAM", e);
    }
  }
}
