package io.smartdoor.lock.snapshot;

import com.github.benmanes.caffeine.cache.Ticker;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.smartdoor.http.OpenEndpoint;
import io.smartdoor.http.UnusableSettingException;
import io.smartdoor.lock.webhook.Allowances;
import io.smartdoor.lock.webhook.Gates;
import io.smartdoor.lock.webhook.RateLimit;
import io.smartdoor.messaging.AwsClients;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import software.amazon.awssdk.services.s3.S3Client;

/** Puts together what takes in pictures. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  SnapshotConfiguration.Resources.class,
  SnapshotConfiguration.Settings.class
})
class SnapshotConfiguration {

  /**
   * Where pictures are kept, by outputs of stack {@code lock}.
   *
   * @param snapshotsBucket S3 bucket of the doors' pictures
   */
  @ConfigurationProperties("smartdoor.lock")
  record Resources(String snapshotsBucket) {

    Resources {
      UnusableSettingException.unlessSet(
          snapshotsBucket, "smartdoor.lock.snapshots-bucket", "the name of a bucket");
    }
  }

  /**
   * How many pictures are taken in, and how large they may be. Each instance counts by itself.
   *
   * @param inHand pictures that are read and stored at the same time, at up to 5 MiB of memory each
   *     and half of them for one address; one more is answered 503 at once; 1 or more
   * @param maxPixels the most pixels that a picture may have, at some 6 bytes of memory each for
   *     the one that is being decoded; 1 or more
   * @param uploadWithin how long a picture may take to arrive; more than 0s
   * @param doorRate pictures that one door may send in a second, in the long run; more than 0 and
   *     at most 1000000
   * @param doorBurst pictures that one door may send at once; 1 or more
   */
  @ConfigurationProperties("smartdoor.lock.snapshots")
  record Settings(
      @DefaultValue("4") int inHand,
      @DefaultValue("12500000") int maxPixels,
      @DefaultValue("20s") Duration uploadWithin,
      @DefaultValue("1") double doorRate,
      @DefaultValue("10") int doorBurst) {

    private static final double MOST_A_SECOND = 1_000_000;

    Settings {
      demand(inHand >= 1, "in-hand", "1 or more", inHand);
      demand(maxPixels >= 1, "max-pixels", "1 or more", maxPixels);
      demand(uploadWithin.isPositive(), "upload-within", "more than 0s", uploadWithin);
      demand(
          doorRate > 0 && doorRate <= MOST_A_SECOND,
          "door-rate",
          "more than 0 and at most 1000000 a second",
          doorRate);
      demand(doorBurst >= 1, "door-burst", "1 or more", doorBurst);
    }

    private static void demand(boolean holds, String property, String expected, Object found) {
      UnusableSettingException.unless(
          holds, "smartdoor.lock.snapshots." + property, expected, found);
    }
  }

  /** Its callers authenticate by their signatures. One byte more shows that there is more. */
  @Bean
  OpenEndpoint snapshot() {
    return new OpenEndpoint(
        HttpMethod.PUT, SnapshotController.PATH, SnapshotController.MAX_BODY + 1);
  }

  /**
   * Buckets by their path, as AWS goes on to allow: the names of buckets are no names of hosts on
   * an emulator.
   */
  @Bean
  S3Client s3(AwsClientBuilderConfigurer aws) {
    return AwsClients.build(aws, S3Client.builder().forcePathStyle(true));
  }

  @Bean
  Snapshots snapshots(S3Client s3, Resources resources) {
    return new S3Snapshots(s3, resources.snapshotsBucket());
  }

  @Bean
  Pictures pictures(Settings settings) {
    return new Pictures(settings.maxPixels());
  }

  @Bean
  SnapshotController snapshotController(
      Gates gates, Pictures pictures, Snapshots snapshots, Settings settings, Clock clock) {
    var ticker = Ticker.systemTicker();
    return new SnapshotController(
        gates.forSnapshots(),
        new UploadPlaces(settings.inHand()),
        new Allowances<>(new RateLimit(settings.doorRate(), settings.doorBurst()), ticker),
        pictures,
        snapshots,
        settings.uploadWithin(),
        ticker,
        clock);
  }
}
