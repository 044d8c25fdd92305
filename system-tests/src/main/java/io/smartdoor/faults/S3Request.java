package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A request of S3's REST protocol, in path style. What it does follows from method, path and query:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html.
 * What is not listed here is named by method and query.
 *
 * @param bucket empty where the request is about none
 * @param key empty where the request is about the whole bucket
 */
record S3Request(String operation, String bucket, String key) {

  /**
   * How an operation is written.
   *
   * @param distinction the part of the query that tells it from others of the same method, if any
   */
  private record Form(String method, String distinction, String operation) {

    boolean fits(HttpRequest request, Set<String> distinctions) {
      return request.method().equals(method)
          && (distinction.isEmpty() ? distinctions.isEmpty() : distinctions.contains(distinction));
    }
  }

  private static final List<Form> ON_BUCKETS =
      List.of(
          new Form("GET", "list-type", "ListObjectsV2"),
          new Form("GET", "", "ListObjects"),
          new Form("POST", "delete", "DeleteObjects"),
          new Form("PUT", "", "CreateBucket"),
          new Form("HEAD", "", "HeadBucket"),
          new Form("DELETE", "", "DeleteBucket"));

  private static final List<Form> ON_OBJECTS =
      List.of(
          new Form("GET", "uploadId", "ListParts"),
          new Form("GET", "tagging", "GetObjectTagging"),
          new Form("GET", "", "GetObject"),
          new Form("HEAD", "", "HeadObject"),
          new Form("PUT", "uploadId", "UploadPart"),
          new Form("PUT", "tagging", "PutObjectTagging"),
          new Form("PUT", "", "PutObject"),
          new Form("POST", "uploads", "CreateMultipartUpload"),
          new Form("POST", "uploadId", "CompleteMultipartUpload"),
          new Form("DELETE", "uploadId", "AbortMultipartUpload"),
          new Form("DELETE", "tagging", "DeleteObjectTagging"),
          new Form("DELETE", "", "DeleteObject"));

  /** Parameters that make another operation although they have a value, as only mere names do. */
  private static final Set<String> DISTINCT_BY_NAME = Set.of("list-type", "uploadId");

  static S3Request of(HttpRequest request) {
    var path = URLDecoder.decode(request.path().replace("+", "%2B"), UTF_8).substring(1);
    var slash = path.indexOf('/');
    var bucket = slash < 0 ? path : path.substring(0, slash);
    var key = slash < 0 ? "" : path.substring(slash + 1);
    if (bucket.isEmpty()) {
      return new S3Request("ListBuckets", "", "");
    }
    return new S3Request(operation(key.isEmpty() ? ON_BUCKETS : ON_OBJECTS, request), bucket, key);
  }

  List<String> resources() {
    if (bucket.isEmpty()) {
      return List.of();
    }
    return List.of(key.isEmpty() ? bucket : bucket + "/" + key);
  }

  private static String operation(List<Form> forms, HttpRequest request) {
    var distinctions = distinctions(request);
    var isCopy = request.headers().first("x-amz-copy-source").isPresent();
    return forms.stream()
        .filter(it -> it.fits(request, distinctions))
        .map(Form::operation)
        .findFirst()
        .map(it -> isCopy && it.equals("PutObject") ? "CopyObject" : it)
        .orElseGet(() -> request.method() + " ?" + String.join("&", distinctions));
  }

  private static Set<String> distinctions(HttpRequest request) {
    return Arrays.stream(request.query().split("&", -1))
        .map(it -> it.split("=", 2))
        .filter(it -> it.length == 1 || it[1].isEmpty() || DISTINCT_BY_NAME.contains(it[0]))
        .map(it -> it[0])
        .filter(it -> !it.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
