package io.smartdoor.messaging.consuming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smartdoor.messaging.consuming.Acknowledgements.Manners;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {

  private static final Duration PATIENT = Duration.ofMinutes(10);

  private final List<List<String>> calls = new CopyOnWriteArrayList<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private final Semaphore answers = new Semaphore(0);
  private final AtomicLong time = new AtomicLong();
  private Acknowledgements acknowledgements = waitingFor(Duration.ZERO);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Acknowledgements waitingFor(Duration company) {
    return with(10, company, PATIENT);
  }

  private Acknowledgements with(int most, Duration company, Duration patience) {
    return new Acknowledgements(this::call, new Manners(most, company, patience), time::get);
  }

  private Map<String, String> call(List<String> receipts) {
    calls.add(receipts);
    answers.acquireUninterruptibly();
    return refused;
  }

  @AfterEach
  void stop() {
    answers.release(1000);
    threads.close();
  }

  @Test
  void sendsAtOnceWhatComesAlone() {
    answers.release();

    acknowledgements.acknowledge("a");

    assertThat(calls).containsExactly(List.of("a"));
  }

  @Test
  void returnsOnlyWhenTheQueueHasAnswered() throws Exception {
    var acknowledged = acknowledge("a");
    awaitCalls(1);
    assertThat(acknowledged).isNotDone();

    answers.release();
    acknowledged.get();
  }

  @Test
  void gathersWhatComesWhileACallIsUnderWay() throws Exception {
    var first = acknowledge("first");
    awaitCalls(1);
    var others = acknowledgeAll(IntStream.range(0, 9).mapToObj(i -> "r" + i).toList());
    awaitWaiting(9);
    assertThat(calls).hasSize(1);

    answers.release();
    first.get();
    awaitCalls(2);
    assertThat(calls.get(1)).containsExactlyInAnyOrderElementsOf(receipts(9));
    answers.release();
    for (var other : others) {
      other.get();
    }
    assertThat(calls).hasSize(2);
  }

  @Test
  void waitsForCompanySoonAfterAnotherUntilTenHaveCome() throws Exception {
    acknowledgements = waitingFor(Duration.ofMinutes(1));
    answers.release(100);
    acknowledgements.acknowledge("alone");
    time.addAndGet(Duration.ofSeconds(59).toNanos());
    var nine = acknowledgeAll(receipts(9));
    awaitWaiting(9);
    assertThat(calls).hasSize(1);

    acknowledge("tenth").get();
    for (var each : nine) {
      each.get();
    }
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1)).hasSize(10);
  }

  @Test
  void waitsForCompanyNoLongerThanItMay() {
    acknowledgements = waitingFor(Duration.ofMillis(20));
    answers.release(100);
    acknowledgements.acknowledge("alone");

    acknowledgements.acknowledge("soon after");

    assertThat(calls).containsExactly(List.of("alone"), List.of("soon after"));
  }

  @Test
  void sendsAtOnceAgainWhatComesLongAfterAnother() {
    acknowledgements = waitingFor(Duration.ofMinutes(1));
    answers.release(100);
    acknowledgements.acknowledge("alone");
    time.addAndGet(Duration.ofMinutes(1).toNanos());

    acknowledgements.acknowledge("alone again");

    assertThat(calls).hasSize(2);
  }

  @Test
  void sendsBesideACallUnderWayWhatFillsAnother() {
    var _ = acknowledge("first");
    awaitCalls(1);
    acknowledgeAll(receipts(10));

    awaitCalls(2);
    assertThat(calls.get(1)).hasSize(10);
  }

  @Test
  void sendsNoMoreCallsAtOnceThanItMay() throws Exception {
    var all = new ArrayList<Future<?>>();
    all.add(acknowledge("first"));
    awaitCalls(1);
    all.addAll(acknowledgeAll(receipts(100)));
    awaitCalls(Acknowledgements.MOST_CALLS);
    awaitWaiting(70);
    assertThat(calls).hasSize(Acknowledgements.MOST_CALLS);

    answers.release(100);
    for (var each : all) {
      each.get();
    }
    assertThat(calls.stream().mapToInt(List::size).sum()).isEqualTo(101);
    assertThat(calls).allMatch(call -> call.size() <= Acknowledgements.LARGEST_BATCH);
    assertThat(calls).hasSize(11);
  }

  @Test
  void sendsBesideACallThatHangsWhatHasWaitedLongEnough() throws Exception {
    acknowledgements = with(10, Duration.ZERO, Duration.ofMillis(20));
    var hanging = acknowledge("hanging");
    awaitCalls(1);

    var others = acknowledgeAll(receipts(3));
    await().until(() -> calls.stream().mapToInt(List::size).sum() == 4);
    assertThat(calls.size()).isLessThanOrEqualTo(Acknowledgements.MOST_CALLS);
    assertThat(hanging).isNotDone();

    answers.release(100);
    for (var other : others) {
      other.get();
    }
  }

  @Test
  void sendsAtOnceWhatIsInterruptedWhileItWaits() throws Exception {
    acknowledgements = waitingFor(Duration.ofMinutes(1));
    answers.release(100);
    acknowledgements.acknowledge("alone");
    var stillInterrupted = new CompletableFuture<Boolean>();
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              acknowledgements.acknowledge("soon after");
              stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
    awaitWaiting(1);

    waiting.interrupt();

    assertThat(stillInterrupted.get()).isTrue();
    assertThat(calls).containsExactly(List.of("alone"), List.of("soon after"));
  }

  @Test
  void waitsForNoMoreCompanyThanCanBeInHand() throws Exception {
    acknowledgements = with(2, Duration.ofMinutes(1), PATIENT);
    answers.release(100);
    acknowledgements.acknowledge("alone");

    var first = acknowledge("first of two");
    awaitWaiting(1);
    acknowledge("second of two").get();

    first.get();
    assertThat(calls).hasSize(2);
    assertThat(calls.get(1)).containsExactlyInAnyOrder("first of two", "second of two");
  }

  @Test
  void refusesToSendNothingOrMoreThanACallTakes() {
    for (var most : List.of(0, 11)) {
      assertThatThrownBy(() -> new Manners(most, Duration.ZERO, PATIENT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found " + most);
    }
    assertThat(new Manners(1, Duration.ZERO, PATIENT).most()).isEqualTo(1);
  }

  @Test
  void tellsWhoeverWasRefusedAndNobodyElse() throws Exception {
    refused.put("r3", "ReceiptHandleIsInvalid");
    var _ = acknowledge("first");
    awaitCalls(1);
    var others = acknowledgeAll(receipts(5));
    awaitWaiting(5);
    answers.release(2);

    for (var i = 0; i < 5; i++) {
      var other = others.get(i);
      if (i == 3) {
        assertThatThrownBy(other::get).hasMessageContaining("ReceiptHandleIsInvalid");
      } else {
        assertThatCode(other::get).doesNotThrowAnyException();
      }
    }
    assertThat(calls).hasSize(2);
  }

  @Test
  void tellsEverybodyOfACallThatFailedAndGoesOn() {
    var failing = new CountDownLatch(1);
    var failed =
        new Acknowledgements(
            receipts -> {
              if (failing.getCount() == 1) {
                failing.countDown();
                throw new IllegalArgumentException("SQS is out of reach");
              }
              return Map.of();
            },
            new Manners(10, Duration.ZERO, PATIENT),
            time::get);

    assertThatThrownBy(() -> failed.acknowledge("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SQS is out of reach");
    assertThatCode(() -> failed.acknowledge("b")).doesNotThrowAnyException();
  }

  private static List<String> receipts(int number) {
    return IntStream.range(0, number).mapToObj(i -> "r" + i).toList();
  }

  private Future<?> acknowledge(String receipt) {
    return threads.submit(() -> acknowledgements.acknowledge(receipt));
  }

  private List<Future<?>> acknowledgeAll(List<String> receipts) {
    return receipts.stream().<Future<?>>map(this::acknowledge).toList();
  }

  private void awaitCalls(int number) {
    await().until(() -> calls.size() == number);
  }

  private void awaitWaiting(int number) {
    await().until(() -> acknowledgements.waiting() == number);
  }
}
