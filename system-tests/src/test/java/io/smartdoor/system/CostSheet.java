package io.smartdoor.system;

import static io.smartdoor.system.Price.ADDRESS;
import static io.smartdoor.system.Price.ALARM;
import static io.smartdoor.system.Price.ARCHIVE;
import static io.smartdoor.system.Price.CAPACITY_UNIT;
import static io.smartdoor.system.Price.EVENT;
import static io.smartdoor.system.Price.KEY;
import static io.smartdoor.system.Price.LOAD_BALANCER;
import static io.smartdoor.system.Price.LOG;
import static io.smartdoor.system.Price.MEMORY;
import static io.smartdoor.system.Price.METRIC;
import static io.smartdoor.system.Price.NAT;
import static io.smartdoor.system.Price.NAT_DATA;
import static io.smartdoor.system.Price.QUEUE_REQUEST;
import static io.smartdoor.system.Price.READ;
import static io.smartdoor.system.Price.RECOVERY;
import static io.smartdoor.system.Price.SECRET;
import static io.smartdoor.system.Price.STORAGE;
import static io.smartdoor.system.Price.TRANSITION;
import static io.smartdoor.system.Price.VCPU;
import static io.smartdoor.system.Price.WRITE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What a SmartDoor costs on AWS in a month. */
final class CostSheet {

  static final List<Integer> DOORS = List.of(10, 1_000, 100_000);

  private static final int EVENTS_A_DAY = 40;
  private static final int DAYS = 30;
  private static final double HOURS = 730;
  private static final double SECONDS = HOURS * 3600;

  // What nobody has measured yet, rather too much than too little.

  /** Of log that one door event leaves in all services. */
  private static final double LOG_GIGABYTES = 5e-6;

  /** There and back, of one call. */
  private static final double CALL_GIGABYTES = 4e-6;

  /** Of one event in the archive, envelope included; the budget of its detail is 1 KiB. */
  private static final double EVENT_GIGABYTES = 2e-6;

  /**
   * Of one door event in all tables and their indexes: 2 KB twice in the outbox, three records of
   * handled events, an inbox entry twice.
   */
  private static final double STORED_GIGABYTES = 7e-6;

  /** Records are kept 90 days. */
  private static final double STORED_MONTHS = 3;

  /** Of Container Insights: 8 of the cluster, 6 of each kind of task, 11 of each service. */
  private static final int INSIGHTS = 8 + 3 * (6 + 11);

  /** A task in each of two zones needs a way out in each; so does the balancer have an address. */
  private static final int ZONES = 2;

  private static final int SUBSCRIBERS = 2;

  /** A sweep begins up to half as long again after the last one, at random. */
  private static final double SWEEP_SPREAD = 1.25;

  /** An eventually consistent query that finds nothing. */
  private static final double EMPTY_QUERY = 0.5;

  /** https://aws.amazon.com/elasticloadbalancing/pricing/: connections a second of one LCU. */
  private static final double CONNECTIONS_OF_A_UNIT = 25;

  /**
   * What one call is billed as.
   *
   * @see <a href="https://aws.amazon.com/dynamodb/pricing/on-demand/">request units</a>: 1 KB a
   *     write, 4 KB a read, and twice that in a transaction
   */
  private record Billing(double writes, double reads, String meaning) {

    static Billing writes(double units, String meaning) {
      return new Billing(
          units, 0, "%.0f write unit%s%s".formatted(units, units == 1 ? "" : "s", meaning));
    }

    static Billing read() {
      return new Billing(0, 1, "1 read unit");
    }

    /** The benchmark is busy enough for calls that take ten messages; a few doors are not. */
    static Billing queueRequest() {
      return new Billing(0, 0, "1 request; here one for each message, as they come alone");
    }

    static Billing otherwise(String meaning) {
      return new Billing(0, 0, meaning);
    }
  }

  private static final Map<String, Billing> BILLED = billed();

  private static Map<String, Billing> billed() {
    var all = new LinkedHashMap<String, Billing>();
    all.put(
        "lock: PutItem",
        Billing.writes(6, ": up to 2 KB in the table and in indexes `pending` and `by-door`"));
    all.put("lock: PutEvents", Billing.otherwise("by event, not by call"));
    all.put("lock: UpdateItem", Billing.writes(6, ": the same three, one of which loses it"));
    all.put("notification: ReceiveMessage", Billing.queueRequest());
    all.put("notification: UpdateItem", Billing.writes(1, ": a claim, or its completion"));
    all.put(
        "notification: TransactWriteItems",
        Billing.writes(10, ": twice a check, an entry and a counter, and the entry's index"));
    all.put("notification: DeleteMessageBatch", Billing.queueRequest());
    all.put("identification: ReceiveMessage", Billing.queueRequest());
    all.put("identification: UpdateItem", Billing.writes(1, ": a claim, or its completion"));
    all.put("identification: StartExecution", Billing.otherwise("by transition, not by call"));
    all.put("identification: DeleteMessageBatch", Billing.queueRequest());
    all.put("lock: GetItem", Billing.read());
    all.put("lock: Query", Billing.read());
    all.put("notification: GetItem", Billing.read());
    all.put("notification: Scan", Billing.read());
    return all;
  }

  private static Billing billed(String call) {
    return Objects.requireNonNull(BILLED.get(call), call);
  }

  private record Term(Price price, double amount) {
    double dollars() {
      return price.of(amount);
    }
  }

  /**
   * @param idle whether it costs the same if no door ever opens; terms are by the month then, else
   *     by the event
   */
  private record Line(String what, boolean idle, List<Term> terms) {
    double dollars(double events) {
      return terms.stream().mapToDouble(Term::dollars).sum() * (idle ? 1 : events);
    }
  }

  private final CostInputs inputs;
  private final List<Line> lines = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if a call was measured of which nobody has said what it costs
   */
  CostSheet(CostInputs inputs) {
    this.inputs = inputs;
    var unknown = new TreeSet<>(inputs.calls().keySet());
    unknown.removeAll(BILLED.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "expected calls whose price is known, found %s: say in CostSheet what they are billed as"
              .formatted(unknown));
    }
    addIdle();
    addByEvent();
  }

  private void addIdle() {
    var tasks = inputs.tasks() * Repository.SERVICES.size();
    idle(
        "%d tasks of %s vCPU and %s GB"
            .formatted(tasks, plain(inputs.vcpus()), plain(inputs.gigabytes())),
        new Term(VCPU, tasks * inputs.vcpus() * HOURS),
        new Term(MEMORY, tasks * inputs.gigabytes() * HOURS));
    idle(
        "load balancer, with two addresses",
        new Term(LOAD_BALANCER, inputs.loadBalancers() * HOURS),
        new Term(ADDRESS, inputs.loadBalancers() * ZONES * HOURS));
    idle(
        "the tasks' way out: two NAT gateways, with addresses (no part of the stacks)",
        new Term(NAT, ZONES * HOURS),
        new Term(ADDRESS, ZONES * HOURS));
    idle(
        "%d alarms, %d metrics of the log, about %d of Container Insights"
            .formatted(inputs.alarms(), inputs.metricFilters(), INSIGHTS),
        new Term(ALARM, inputs.alarms()),
        new Term(METRIC, inputs.metricFilters() + INSIGHTS));
    idle(
        "polls of empty queues: %d tasks, one every %s s"
            .formatted(SUBSCRIBERS * inputs.tasks(), plain(inputs.pollSeconds())),
        new Term(QUEUE_REQUEST, SUBSCRIBERS * inputs.tasks() * SECONDS / inputs.pollSeconds()));
    idle(
        "sweeps and surveys of an empty outbox: %d tasks, %d shards"
            .formatted(inputs.tasks(), inputs.shards()),
        new Term(READ, sweeps() + surveys()));
    idle(
        "%d key, %d secrets".formatted(inputs.keys(), inputs.secrets()),
        new Term(KEY, inputs.keys()),
        new Term(SECRET, inputs.secrets()));
  }

  private double sweeps() {
    var times = inputs.tasks() * SECONDS / (inputs.sweepSeconds() * SWEEP_SPREAD);
    return times * inputs.shards() * EMPTY_QUERY;
  }

  /** Each counts what is pending, looks for the oldest, and counts what is parked. */
  private double surveys() {
    return inputs.tasks()
        * SECONDS
        / inputs.surveySeconds()
        * (2 * inputs.shards() + 1)
        * EMPTY_QUERY;
  }

  private void addByEvent() {
    var executions = inputs.calls("identification: StartExecution");
    var delivered = inputs.calls("notification: TransactWriteItems");
    byEvent(
        "Step Functions: %d transitions of each identification".formatted(inputs.transitions()),
        new Term(TRANSITION, executions * inputs.transitions()));
    var writes = sum(Billing::writes);
    var reads = sum(Billing::reads) + executions;
    byEvent(
        "DynamoDB: %s write units, %s read units".formatted(plain(writes), plain(reads)),
        new Term(WRITE, writes),
        new Term(READ, reads));
    byEvent(
        "DynamoDB: what is kept for 90 days, and its recovery",
        new Term(STORAGE, STORED_GIGABYTES * STORED_MONTHS),
        new Term(RECOVERY, STORED_GIGABYTES * STORED_MONTHS));
    byEvent(
        "SQS: %s messages, each sent, received and deleted"
            .formatted(plain(delivered + executions)),
        new Term(QUEUE_REQUEST, 3 * (delivered + executions)));
    byEvent(
        "EventBridge: %s events, and their archive".formatted(plain(delivered)),
        new Term(EVENT, delivered),
        new Term(ARCHIVE, delivered * EVENT_GIGABYTES));
    byEvent("log", new Term(LOG, LOG_GIGABYTES));
    byEvent(
        "what passes the NAT gateways",
        new Term(
            NAT_DATA,
            CALL_GIGABYTES * inputs.calls().values().stream().mapToDouble(it -> it).sum()));
    byEvent(
        "load balancer: a connection for each",
        new Term(CAPACITY_UNIT, 1 / CONNECTIONS_OF_A_UNIT / 3600));
  }

  private void idle(String what, Term... terms) {
    lines.add(new Line(what, true, List.of(terms)));
  }

  private void byEvent(String what, Term... terms) {
    lines.add(new Line(what, false, List.of(terms)));
  }

  private double sum(ToDoubleFunction<Billing> units) {
    return inputs.calls().entrySet().stream()
        .mapToDouble(it -> it.getValue() * units.applyAsDouble(billed(it.getKey())))
        .sum();
  }

  static double events(int doors) {
    return (double) doors * EVENTS_A_DAY * DAYS;
  }

  /** In a month. */
  double dollars(int doors) {
    return sum(doors, _ -> true);
  }

  /** In a month, of the only line that begins so. */
  double dollars(String beginning, int doors) {
    return lines.stream()
        .filter(it -> it.what().startsWith(beginning))
        .mapToDouble(it -> it.dollars(events(doors)))
        .reduce((_, _) -> {
          throw new IllegalArgumentException("several lines begin with " + beginning);
        })
        .orElseThrow();
  }

  private double sum(int doors, Predicate<Line> those) {
    return lines.stream().filter(those).mapToDouble(it -> it.dollars(events(doors))).sum();
  }

  String asMarkdown() {
    return String.join("\n", List.of(table(), "", dominating(), "", calls(), "", prices(), ""));
  }

  private String table() {
    var rows = new ArrayList<String>();
    rows.add(row("dollars a month (us-east-1)", it -> "%,d doors".formatted(it)));
    rows.add("|---" + "|---:".repeat(DOORS.size()) + "|");
    rows.add(row("events a month", it -> "%,.0f".formatted(events(it))));
    lines.stream().filter(Line::idle).forEach(it -> rows.add(row(it)));
    rows.add(row("**whether or not a door opens**", it -> bold(sum(it, Line::idle))));
    lines.stream().filter(it -> !it.idle()).forEach(it -> rows.add(row(it)));
    rows.add(row("**by what happens**", it -> bold(sum(it, line -> !line.idle()))));
    rows.add(row("**in all**", it -> bold(dollars(it))));
    rows.add(row("per door", it -> "%,.4f".formatted(dollars(it) / it)));
    return String.join("\n", rows);
  }

  private String row(Line line) {
    return row(line.what(), doors -> money(line.dollars(events(doors))));
  }

  private static String row(String what, IntFunction<String> cell) {
    var row = new StringBuilder("| " + what + " |");
    DOORS.forEach(it -> row.append(" %s |".formatted(cell.apply(it))));
    return row.toString();
  }

  /** What most of the money is for. */
  private String dominating() {
    var said = new ArrayList<String>();
    for (var doors : DOORS) {
      var events = events(doors);
      var most =
          lines.stream()
              .sorted(Comparator.comparingDouble((Line it) -> -it.dollars(events)))
              .limit(2)
              .map(
                  it -> "%s (%s)".formatted(it.what(), percent(it.dollars(events), dollars(doors))))
              .toList();
      said.add(
          "- %,d doors: %s of it is spent whether or not a door opens. Most is for %s."
              .formatted(
                  doors,
                  percent(sum(doors, Line::idle), dollars(doors)),
                  String.join("; then for ", most)));
    }
    said.add(
        "- Polls that find nothing are %s of what SQS costs; polls held open for 20 s would be a fraction of that, for services that take as long to stop."
            .formatted(
                String.join(
                    ", ",
                    DOORS.stream()
                        .map(it ->
                            "%s at %,d doors"
                                .formatted(
                                    percent(
                                        dollars("polls", it),
                                        dollars("polls", it) + dollars("SQS", it)),
                                    it))
                        .toList())));
    var perSecond = events(DOORS.getLast()) / DAYS / 86_400;
    said.add(
        ("- At %,d doors %.0f events come in a second on average. Lock and notification together kept %.2f processors of the benchmark's machine busy with as many;"
                + " their tasks have %s vCPU at least, so no task is added.")
            .formatted(
                DOORS.getLast(),
                perSecond,
                perSecond * inputs.processorSeconds() / 1000,
                plain(2 * inputs.tasks() * inputs.vcpus())));
    said.add(
        "- Not measured, and rather too much: %s kB of log per door event, %s kB through the NAT gateways per call, %s kB per event in the archive, %s kB per door event in tables and indexes."
            .formatted(
                plain(LOG_GIGABYTES * 1e6),
                plain(CALL_GIGABYTES * 1e6),
                plain(EVENT_GIGABYTES * 1e6),
                plain(STORED_GIGABYTES * 1e6)));
    return String.join("\n", said);
  }

  private String calls() {
    var rows = new ArrayList<String>();
    rows.add("| call | per door event, [as measured](benchmark-figures.md) | billed as |");
    rows.add("|---|---:|---|");
    inputs
        .calls()
        .forEach((call, count) ->
            rows.add(
                "| %s | %s | %s |"
                    .formatted(call, "%.2f".formatted(count), billed(call).meaning())));
    return String.join("\n", rows);
  }

  private static String prices() {
    var rows = new ArrayList<String>();
    rows.add("| price in us-east-1 | dollars | per | read at | of |");
    rows.add("|---|---:|---|---|---|");
    Arrays.stream(Price.values())
        .forEach(it ->
            rows.add(
                "| %s | %s | %s | %s | %s |"
                    .formatted(
                        it.what(),
                        plain(it.dollars()),
                        it.unit(),
                        it.source().link(),
                        it.source().date())));
    return String.join("\n", rows);
  }

  private static String bold(double dollars) {
    return "**%s**".formatted(money(dollars));
  }

  private static String money(double dollars) {
    return String.format(Locale.ROOT, dollars < 100 ? "%,.2f" : "%,.0f", dollars);
  }

  private static String percent(double part, double whole) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part / whole);
  }

  /** Without zeros at the end. */
  private static String plain(double number) {
    return String.format(Locale.ROOT, "%.5f", number).replaceFirst("[.]?0+$", "");
  }
}
