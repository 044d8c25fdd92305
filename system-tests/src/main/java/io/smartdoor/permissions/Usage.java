package io.smartdoor.permissions;

import io.smartdoor.faults.AwsCall;
import io.smartdoor.faults.AwsOperation;
import io.smartdoor.faults.FaultProxy;
import io.smartdoor.infra.testing.LocalAws;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Which permissions the calls of each service have needed, whatever became of the calls. Grows by
 * what is new only, so it may watch for hours. Safe for use by several threads.
 */
public final class Usage {

  private static final Comparator<AwsOperation> BY_NAME =
      Comparator.comparing(AwsOperation::toString);

  private final Map<String, Map<Permission, Set<AwsOperation>>> needed = new ConcurrentHashMap<>();
  private final Map<String, Set<AwsOperation>> unknown = new ConcurrentHashMap<>();
  private final Arns arns;

  Usage(Arns arns) {
    this.arns = arns;
  }

  /** Watches all calls from now on, as their callers make them. */
  public static Usage of(FaultProxy proxy, LocalAws aws) {
    var usage = new Usage(new Arns(aws.region(), aws.account()));
    proxy.watch(usage::add);
    return usage;
  }

  private void add(AwsCall call) {
    var service = call.caller().service();
    Needs.of(call.operation(), call.body(), call.resources(), arns)
        .ifPresentOrElse(
            those -> those.forEach(it -> add(service, it, call.operation())),
            () -> addUnknown(service, call.operation()));
  }

  void add(String service, Permission permission, AwsOperation operation) {
    needed
        .computeIfAbsent(service, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(permission, _ -> new ConcurrentSkipListSet<>(BY_NAME))
        .add(operation);
  }

  void addUnknown(String service, AwsOperation operation) {
    unknown.computeIfAbsent(service, _ -> new ConcurrentSkipListSet<>(BY_NAME)).add(operation);
  }

  /** What was needed until now; grows no more. */
  public Usage untilNow() {
    var copy = new Usage(arns);
    needed.forEach((service, permissions) ->
        permissions.forEach((permission, operations) ->
            operations.forEach(it -> copy.add(service, permission, it))));
    unknown.forEach(
        (service, operations) -> operations.forEach(it -> copy.addUnknown(service, it)));
    return copy;
  }

  /** Services that have made a call. */
  Set<String> services() {
    var services = new TreeSet<>(needed.keySet());
    services.addAll(unknown.keySet());
    return services;
  }

  /** What a service has needed, and for which operations. */
  Map<Permission, Set<AwsOperation>> of(String service) {
    var copy =
        new TreeMap<Permission, Set<AwsOperation>>(Comparator.comparing(Permission::toString));
    copy.putAll(needed.getOrDefault(service, Map.of()));
    return copy;
  }

  /** Operations of a service of which nobody has said what they need. */
  Set<AwsOperation> unknownOf(String service) {
    return Set.copyOf(unknown.getOrDefault(service, Set.of()));
  }

  /** How many there are, of all services. */
  public int size() {
    return needed.values().stream().mapToInt(Map::size).sum();
  }
}
