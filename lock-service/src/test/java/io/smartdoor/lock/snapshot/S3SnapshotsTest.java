package io.smartdoor.lock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdoor.events.SnapshotReference;
import io.smartdoor.infra.testing.LocalAws;
import io.smartdoor.lock.LocalS3;
import io.smartdoor.lock.LostAnswers;
import io.smartdoor.lock.SeenRequests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class S3SnapshotsTest extends SnapshotsContract {

  private static final LocalAws AWS = LocalAws.withStacks("lock");
  private static final String BUCKET = AWS.output("lock", "SnapshotsBucket");
  private static final LostAnswers ANSWERS = new LostAnswers();
  private static final SeenRequests REQUESTS = new SeenRequests();
  private static final S3Client S3 = LocalS3.of(AWS, ANSWERS, REQUESTS);

  private final S3Snapshots snapshots = new S3Snapshots(S3, BUCKET);

  @Override
  Snapshots snapshots() {
    return snapshots;
  }

  @Override
  byte[] stored(SnapshotReference place) {
    return S3.getObjectAsBytes(it -> it.bucket(place.bucket()).key(place.key())).asByteArray();
  }

  @BeforeEach
  void forget() {
    REQUESTS.forget();
  }

  @Test
  void storesInOneCall() {
    snapshots.store(aSnapshot("a picture"));

    assertThat(REQUESTS.names()).containsExactly("PutObjectRequest");
  }

  /** As after a crash: the picture is there, and nobody was told. */
  @Test
  void knowsThatItIsStoredThoughTheAnswerIsLost() {
    var snapshot = aSnapshot("a picture");
    ANSWERS.loseNext("PutObject");

    assertThat(snapshots.store(snapshot)).isEqualTo(new Storing.Replayed());

    assertThat(ANSWERS.lost()).isTrue();
    assertThat(stored(placeOf(snapshot))).isNotEmpty();
  }

  @Test
  void saysOfAPictureWhoseItIsAndWhatItIs() {
    var snapshot = aSnapshot("a picture");
    snapshots.store(snapshot);

    var object = S3.headObject(it -> it.bucket(BUCKET).key(placeOf(snapshot).key()));

    assertThat(object.contentType()).isEqualTo("image/jpeg");
    assertThat(object.metadata())
        .containsEntry("door", "front-door")
        .containsEntry("snapshot", snapshot.id().toString())
        .containsEntry("sent-sha256", snapshot.sent().value());
  }

  /** Five of them, in a bucket of the longest name, leave an event of 1 KiB most of its room. */
  @Test
  void namesAPictureBriefly() {
    assertThat(placeOf(aSnapshot("a picture")).key()).matches("snapshots/[A-Za-z0-9_-]{22}");
    assertThat(BUCKET).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void liesInABucketThatIsOpenToNobody() {
    var access = S3.getPublicAccessBlock(it -> it.bucket(BUCKET)).publicAccessBlockConfiguration();
    var encryption =
        S3.getBucketEncryption(it -> it.bucket(BUCKET)).serverSideEncryptionConfiguration();

    assertThat(access.blockPublicAcls()).isTrue();
    assertThat(access.blockPublicPolicy()).isTrue();
    assertThat(access.ignorePublicAcls()).isTrue();
    assertThat(access.restrictPublicBuckets()).isTrue();
    assertThat(encryption.rules())
        .singleElement()
        .satisfies(it ->
            assertThat(it.applyServerSideEncryptionByDefault().sseAlgorithm())
                .isEqualTo(ServerSideEncryption.AES256));
    assertThat(S3.getBucketPolicy(it -> it.bucket(BUCKET)).policy())
        .contains("aws:SecureTransport", "Deny");
  }
}
