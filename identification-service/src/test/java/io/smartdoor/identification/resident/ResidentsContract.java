package io.smartdoor.identification.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for residents wherever they are kept. */
abstract class ResidentsContract {

  /** Tests share what is behind them: each has names of its own. */
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final String own = "t" + TESTS.incrementAndGet();

  abstract Residents residents();

  /** Whose a credential is, to whoever looks it up without us, as the workflow does. */
  abstract Optional<ResidentId> ownerOf(Credential credential);

  /** How many credentials of a store there are, to the same. */
  abstract long registeredIn(String store);

  @Test
  void registersSomebodyNew() {
    var anna = resident("anna", credential("keypad", "1047"), credential("fob", "a:1@x.y_z-0"));

    assertThat(residents().register(anna)).isEqualTo(new Registration.Created());

    assertThat(residents().find(anna.id())).hasValue(anna);
    assertThat(ownerOf(credential("keypad", "1047"))).hasValue(anna.id());
    assertThat(ownerOf(credential("fob", "a:1@x.y_z-0"))).hasValue(anna.id());
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
    assertThat(registeredIn(store("fob"))).isEqualTo(1);
  }

  @Test
  void registersSomebodyWithoutCredentials() {
    var anna = resident("anna");

    assertThat(residents().register(anna)).isEqualTo(new Registration.Created());
    assertThat(residents().register(anna)).isEqualTo(new Registration.Replaced());

    assertThat(residents().find(anna.id())).hasValue(anna);
  }

  @Test
  void knowsNobodyWhoWasNotRegistered() {
    assertThat(residents().find(id("nobody"))).isEmpty();
    assertThat(residents().remove(id("nobody"))).isFalse();
    assertThat(ownerOf(credential("keypad", "1047"))).isEmpty();
    assertThat(registeredIn(store("keypad"))).isZero();
  }

  @Test
  void replacesAllCredentialsAtOnce() {
    residents()
        .register(
            resident(
                "anna",
                credential("keypad", "1"),
                credential("keypad", "2"),
                credential("fob", "1")));
    var changed =
        resident(
            "anna", credential("keypad", "2"), credential("keypad", "3"), credential("app", "1"));

    assertThat(residents().register(changed)).isEqualTo(new Registration.Replaced());

    assertThat(residents().find(changed.id())).hasValue(changed);
    assertThat(ownerOf(credential("keypad", "1"))).isEmpty();
    assertThat(ownerOf(credential("keypad", "2"))).hasValue(changed.id());
    assertThat(ownerOf(credential("keypad", "3"))).hasValue(changed.id());
    assertThat(ownerOf(credential("fob", "1"))).isEmpty();
    assertThat(registeredIn(store("keypad"))).isEqualTo(2);
    assertThat(registeredIn(store("fob"))).isZero();
    assertThat(registeredIn(store("app"))).isEqualTo(1);
  }

  @Test
  void changesNothingTheSecondTime() {
    var anna = resident("anna", credential("keypad", "1"));
    residents().register(anna);

    assertThat(residents().register(anna)).isEqualTo(new Registration.Replaced());

    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
  }

  @Test
  void refusesCredentialsOfOthersAndChangesNothing() {
    var ben = resident("ben", credential("keypad", "1"), credential("fob", "1"));
    var anna = resident("anna", credential("keypad", "7"));
    residents().register(ben);
    residents().register(anna);

    var answer =
        residents()
            .register(
                resident(
                    "anna",
                    credential("app", "1"),
                    credential("keypad", "1"),
                    credential("fob", "1")));

    assertThat(answer)
        .isEqualTo(
            new Registration.Taken(
                new TreeMap<>(
                    Map.of(
                        credential("keypad", "1"), ben.id(), credential("fob", "1"), ben.id()))));
    assertThat(residents().find(anna.id())).hasValue(anna);
    assertThat(residents().find(ben.id())).hasValue(ben);
    assertThat(ownerOf(credential("app", "1"))).isEmpty();
    assertThat(registeredIn(store("keypad"))).isEqualTo(2);
    assertThat(registeredIn(store("app"))).isZero();
  }

  @Test
  void refusesSomebodyNewWithACredentialOfAnother() {
    residents().register(resident("ben", credential("keypad", "1")));

    var answer = residents().register(resident("anna", credential("keypad", "1")));

    assertThat(answer).isInstanceOf(Registration.Taken.class);
    assertThat(residents().find(id("anna"))).isEmpty();
  }

  @Test
  void givesACredentialOnOnceItIsFree() {
    var ben = resident("ben", credential("keypad", "1"));
    var anna = resident("anna", credential("keypad", "1"));
    residents().register(ben);
    residents().register(resident("ben"));

    assertThat(residents().register(anna)).isEqualTo(new Registration.Created());

    assertThat(ownerOf(credential("keypad", "1"))).hasValue(anna.id());
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
  }

  @Test
  void forgetsAResidentWithEverything() {
    var anna =
        resident(
            "anna", credential("keypad", "1"), credential("keypad", "2"), credential("fob", "1"));
    residents().register(anna);
    residents().register(resident("ben", credential("keypad", "3")));

    assertThat(residents().remove(anna.id())).isTrue();

    assertThat(residents().find(anna.id())).isEmpty();
    assertThat(ownerOf(credential("keypad", "1"))).isEmpty();
    assertThat(registeredIn(store("keypad"))).isEqualTo(1);
    assertThat(registeredIn(store("fob"))).isZero();
    assertThat(residents().remove(anna.id())).isFalse();
    assertThat(residents().register(anna)).isEqualTo(new Registration.Created());
  }

  @Test
  void changesAsManyCredentialsAsThereMayBe() {
    var before = resident("anna", manyFrom("a"));
    var after = resident("anna", manyFrom("b"));
    residents().register(before);

    assertThat(residents().register(after)).isEqualTo(new Registration.Replaced());

    assertThat(residents().find(after.id())).hasValue(after);
    assertThat(before.credentials())
        .allSatisfy(it -> assertThat(registeredIn(it.store())).isZero());
    assertThat(after.credentials()).allSatisfy(it -> assertThat(registeredIn(it.store())).isOne());
    assertThat(residents().remove(after.id())).isTrue();
  }

  @Test
  void listsEverybodyOncePageByPage() {
    var registered =
        IntStream.range(0, 7)
            .mapToObj(i -> resident("r" + i, credential("keypad", "" + i)))
            .toList();
    registered.forEach(residents()::register);

    var seen = new ArrayList<Resident>();
    var page = residents().list(2, Optional.empty());
    seen.addAll(page.items());
    while (page.next().isPresent()) {
      assertThat(page.items()).hasSize(2);
      page = residents().list(2, page.next());
      seen.addAll(page.items());
    }

    assertThat(seen)
        .filteredOn(it -> isOwn(it.id()))
        .containsExactlyInAnyOrderElementsOf(registered);
  }

  @Test
  void goesOnAfterAResidentWhoIsGoneByThen() {
    var registered = IntStream.range(0, 5).mapToObj(i -> resident("r" + i)).toList();
    registered.forEach(residents()::register);
    var everybody = residents().list(1000, Optional.empty()).items();
    var first = residents().list(1, Optional.empty());
    var seen = new HashSet<>(first.items());

    residents().remove(first.next().orElseThrow());
    for (var next = first.next(); next.isPresent(); ) {
      var page = residents().list(3, next);
      seen.addAll(page.items());
      next = page.next();
    }

    assertThat(seen).containsExactlyInAnyOrderElementsOf(everybody);
  }

  /** Eight want the same credential at once, again and again: one gets it, seven are told who. */
  @Test
  void givesACredentialToOneOfManyWhoWantItAtOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      var wanted = credential("keypad", "wanted-" + round);
      var name = "round-" + round + "-";
      var candidates = IntStream.range(0, 8).mapToObj(i -> resident(name + i, wanted)).toList();

      var answers =
          atOnce(candidates.stream().map(it -> task(() -> residents().register(it))).toList());

      var owner = ownerOf(wanted).orElseThrow();
      var taken = new Registration.Taken(new TreeMap<>(Map.of(wanted, owner)));
      assertThat(answers).containsOnlyOnce(new Registration.Created());
      assertThat(answers).filteredOn(taken::equals).hasSize(7);
      assertThat(candidates)
          .filteredOn(it -> residents().find(it.id()).isPresent())
          .extracting(Resident::id)
          .containsExactly(owner);
    }
    assertThat(registeredIn(store("keypad"))).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void countsWhatIsThereAfterAnyChanges(long seed) {
    var random = new Random(seed);
    var expected = new HashMap<ResidentId, Resident>();
    for (int step = 0; step < 60; step++) {
      var resident = randomResident(random);
      if (random.nextInt(4) == 0) {
        assertThat(residents().remove(resident.id()))
            .isEqualTo(expected.remove(resident.id()) != null);
      } else if (!(residents().register(resident) instanceof Registration.Taken)) {
        expected.put(resident.id(), resident);
      }
      assertThat(residents().find(resident.id()))
          .isEqualTo(Optional.ofNullable(expected.get(resident.id())));
    }

    assertConsistent();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void countsWhatIsThereAfterChangesByManyAtOnce(long seed) throws Exception {
    var changes =
        IntStream.range(0, 6)
            .mapToObj(thread -> {
              var random = new Random(seed * 100 + thread);
              return task(() -> {
                for (int step = 0; step < 15; step++) {
                  var resident = randomResident(random);
                  if (random.nextInt(4) == 0) {
                    residents().remove(resident.id());
                  } else {
                    residents().register(resident);
                  }
                }
                return thread;
              });
            })
            .toList();

    assertThat(atOnce(changes)).hasSize(6);

    assertConsistent();
  }

  /** One of 5 residents with any of 12 credentials in 3 stores, which others may have. */
  private Resident randomResident(Random random) {
    return resident(
        "r" + random.nextInt(5),
        allCredentials().filter(_ -> random.nextInt(4) == 0).toArray(Credential[]::new));
  }

  private Stream<Credential> allCredentials() {
    return IntStream.range(0, 12).mapToObj(i -> credential("store-" + i % 3, "" + i));
  }

  private void assertConsistent() {
    var owners = new HashMap<Credential, ResidentId>();
    for (int i = 0; i < 5; i++) {
      residents()
          .find(id("r" + i))
          .ifPresent(resident ->
              resident
                  .credentials()
                  .forEach(it -> assertThat(owners.put(it, resident.id())).isNull()));
    }
    assertThat(allCredentials())
        .allSatisfy(it -> assertThat(ownerOf(it)).isEqualTo(Optional.ofNullable(owners.get(it))));
    for (int i = 0; i < 3; i++) {
      var store = store("store-" + i);
      assertThat(registeredIn(store))
          .isEqualTo(owners.keySet().stream().filter(it -> it.store().equals(store)).count());
    }
  }

  private static <T> Callable<T> task(Callable<T> task) {
    return task;
  }

  private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
    var start = new CyclicBarrier(tasks.size());
    try (var threads = Executors.newFixedThreadPool(tasks.size())) {
      var running = new ArrayList<Future<T>>();
      for (var task : tasks) {
        running.add(
            threads.submit(() -> {
              start.await();
              return task.call();
            }));
      }
      var results = new ArrayList<T>();
      for (var it : running) {
        results.add(it.get());
      }
      return results;
    }
  }

  private Credential[] manyFrom(String prefix) {
    return IntStream.range(0, Resident.MAX_CREDENTIALS)
        .mapToObj(i -> credential(prefix + i, "1"))
        .toArray(Credential[]::new);
  }

  final Resident resident(String name, Credential... credentials) {
    return Resident.of(id(name), List.of(credentials));
  }

  final ResidentId id(String name) {
    return new ResidentId(own + "-" + name);
  }

  final Credential credential(String store, String id) {
    return new Credential(store(store), id);
  }

  final String store(String name) {
    return own + "-" + name;
  }

  private boolean isOwn(ResidentId id) {
    return id.value().startsWith(own + "-");
  }
}
