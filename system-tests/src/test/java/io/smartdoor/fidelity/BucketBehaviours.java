package io.smartdoor.fidelity;

import static io.smartdoor.fidelity.Behaviour.byDocumentationOnly;
import static io.smartdoor.fidelity.Behaviour.expect;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** S3. */
final class BucketBehaviours {

  private static final String GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/";
  private static final String API = "https://docs.aws.amazon.com/AmazonS3/latest/API/";

  private static final String KEY = "snapshots/one";
  private static final int PRECONDITION_FAILED = 412;

  private BucketBehaviours() {}

  static List<Behaviour> all() {
    return List.of(
        Behaviour.of(
            "PutObject: If-None-Match where there is an object",
            "fails with 412, PreconditionFailed, and leaves that as it was",
            GUIDE + "conditional-writes.html",
            "a picture is one write, and whoever names it sees the first",
            BucketBehaviours::secondWrite),
        Behaviour.of(
            "HeadObject: metadata",
            "says what was written with the object",
            API + "API_HeadObject.html",
            "a picture that is sent again is told from another one of its name",
            BucketBehaviours::metadata),
        byDocumentationOnly(
            "PutObject: If-None-Match while another writes that key",
            "fails with 409, ConditionalRequestConflict",
            GUIDE + "conditional-writes.html",
            "the write is tried again"),
        byDocumentationOnly(
            "Lifecycle",
            "removes an object after the night in which it expires, sometimes later",
            GUIDE + "lifecycle-expire-general-considerations.html",
            "nothing but that: a picture that is there longer is one that nobody asks for"));
  }

  private static String secondWrite(Lab lab) {
    var bucket = lab.bucket();
    write(lab, bucket, "first");
    try {
      write(lab, bucket, "second");
      return "the condition is ignored";
    } catch (S3Exception e) {
      var kept = lab.buckets.getObjectAsBytes(it -> it.bucket(bucket).key(KEY)).asUtf8String();
      return expect(
          e.statusCode() == PRECONDITION_FAILED
              && "PreconditionFailed".equals(e.awsErrorDetails().errorCode())
              && kept.equals("first"),
          "fails with %d, %s".formatted(e.statusCode(), e.awsErrorDetails().errorCode()));
    }
  }

  private static String metadata(Lab lab) {
    var bucket = lab.bucket();
    write(lab, bucket, "first");
    var found = lab.buckets.headObject(it -> it.bucket(bucket).key(KEY)).metadata();
    return expect(found.equals(Map.of("sent-sha256", "first")), "says " + found);
  }

  private static void write(Lab lab, String bucket, String text) {
    lab.buckets.putObject(
        it ->
            it.bucket(bucket)
                .key(KEY)
                .ifNoneMatch("*")
                .contentType("text/plain")
                .metadata(Map.of("sent-sha256", text)),
        RequestBody.fromString(text, StandardCharsets.UTF_8));
  }
}
