package io.smartdoor.permissions;

import io.smartdoor.infra.testing.LocalAws;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each service may do, by its role as it is deployed.
 *
 * @param grants by service ({@code lock})
 */
public record Policies(Map<String, List<Grant>> grants) {

  public Policies {
    grants = Map.copyOf(grants);
  }

  /**
   * Reads the services' roles, with all policies that are attached to them or stand in them.
   *
   * @param services whose stacks are deployed there
   * @throws IllegalStateException if a role is not there, or grants nothing
   */
  public static Policies deployedAt(LocalAws aws, HttpClient http, List<String> services)
      throws InterruptedException {
    var iam = new Iam(aws, http);
    var arns = new Arns(aws.region(), aws.account());
    var all = new TreeMap<String, List<Grant>>();
    for (var service : services) {
      var role = "smartdoor-%s-service-%s".formatted(service, aws.region());
      var grants = new ArrayList<Grant>();
      for (var document : iam.policiesOf(role)) {
        Grant.in(document).stream().map(it -> it.onSecretsByArn(arns)).forEach(grants::add);
      }
      if (grants.isEmpty()) {
        throw new IllegalStateException("expected policies of role %s, found none".formatted(role));
      }
      all.put(service, List.copyOf(grants));
    }
    return new Policies(all);
  }

  public List<Grant> of(String service) {
    return grants.getOrDefault(service, List.of());
  }

  /** These policies, but what one service may do. */
  public Policies with(String service, List<Grant> others) {
    var changed = new TreeMap<>(grants);
    changed.put(service, List.copyOf(others));
    return new Policies(changed);
  }

  /** Calls that a role would have refused on AWS; an emulator lets everything pass. */
  public List<String> refusals(Usage usage) {
    var refused = new ArrayList<String>();
    for (var service : usage.services()) {
      usage.unknownOf(service).stream()
          .map(it -> "%s: nobody has said which actions %s needs".formatted(service, it))
          .forEach(refused::add);
      usage
          .of(service)
          .forEach((needed, operations) -> {
            if (of(service).stream().noneMatch(it -> it.covers(needed))) {
              refused.add(
                  "%s: no statement of its role allows %s, needed by %s"
                      .formatted(service, needed, operations));
            }
          });
    }
    return refused;
  }

  /**
   * Whatever is granted and was needed by no call; whatever is granted twice, or for more than one
   * resource; and exceptions that are none any more.
   *
   * @param exceptions what may be, each with its reason
   */
  public List<String> excesses(Usage usage, Set<Exempt> exceptions) {
    var excesses = new ArrayList<String>();
    var needless = new ArrayList<>(exceptions);
    grants.forEach((service, granted) -> {
      for (var grant : granted) {
        var faults = faultsOf(grant, granted, usage.of(service).keySet());
        var exempt = exceptions.stream().filter(it -> it.isAbout(service, grant)).toList();
        if (!faults.isEmpty() && !exempt.isEmpty()) {
          needless.removeAll(exempt);
        } else {
          faults.forEach(it -> excesses.add("%s: %s, %s".formatted(service, grant, it)));
        }
      }
    });
    needless.forEach(it -> excesses.add("no exception any more: " + it));
    return excesses;
  }

  private static List<String> faultsOf(Grant grant, List<Grant> granted, Set<Permission> needed) {
    var faults = new ArrayList<String>();
    if (needed.stream().noneMatch(grant::covers)) {
      faults.add("which no call needed");
    }
    if (grant.isOpen()) {
      faults.add("which is more than one resource");
    }
    if (granted.stream().filter(grant::isSameAs).count() > 1) {
      faults.add("which stands there twice");
    }
    return faults;
  }
}
