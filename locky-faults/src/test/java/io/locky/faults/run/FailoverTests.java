package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.cluster.SlotHash;
import io.locky.faults.check.Violation;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.TestCluster;
import io.locky.testing.TestSentinel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/**
 * A master is replaced while applications use its locks.
 */
@Tag("faults")
class FailoverTests {

	private static final int APPS = 3;

	private static final int LOST = 20;

	@Test
	void sentinelFailoverWithoutReplication() {
		long seed = Seeds.next();
		try (TestSentinel sentinel = new TestSentinel();
				Fleet fleet = new Fleet("sentinel:" + sentinel.address(), seed)) {
			List<AppProcess> apps = start(fleet);
			Pause.ofMillis(3000);
			sentinel.cutReplicas();
			apps.get(0).ask("keep lost: %d 9000".formatted(LOST));
			Pause.ofMillis(2000);
			long killed = System.nanoTime();
			sentinel.killMaster();
			sentinel.awaitMaster();
			sentinel.joinReplicas();
			Pause.ofMillis(5000);
			List<String> violations = new ArrayList<>();
			String losses = loseTo(apps, fleet, violations);
			Report.full(row("Sentinel failover, replicas cut off 2 s before", true, killed, fleet, apps).and(violations,
					losses));
		}
	}

	/**
	 * Others get the locks that the new master never had. Their holder is informed, and
	 * cannot save any more.
	 */
	private static String loseTo(List<AppProcess> apps, Fleet fleet, List<String> violations) {
		apps.get(1).ask("overwrite lost: %d 30000".formatted(LOST));
		await().atMost(Duration.ofSeconds(30)).until(() -> apps.get(0).ask("valid").equals("valid 0"));
		String accepted = apps.get(0).ask("save-again");
		if (!accepted.equals("accepted 0")) {
			violations.add("stale saves: " + accepted);
		}
		await().atMost(Duration.ofSeconds(30)).until(() -> losses(fleet) == LOST);
		apps.get(1).ask("give-up lost: " + LOST);
		return "of %d locks granted during the cut all were granted again, each loss published".formatted(LOST);
	}

	private static long losses(Fleet fleet) {
		return fleet.history()
			.stream()
			.filter((entry) -> entry instanceof Seen seen && seen.type() == Type.LOST
					&& seen.resource().startsWith("lost:"))
			.count();
	}

	@Test
	void clusterFailover() {
		long seed = Seeds.next();
		try (TestCluster cluster = new TestCluster(); Fleet fleet = new Fleet("cluster:" + cluster.addresses(), seed)) {
			List<AppProcess> apps = start(fleet);
			Pause.ofMillis(3000);
			long killed = System.nanoTime();
			cluster.killMaster();
			Pause.ofMillis(15_000);
			Report.full(row("Cluster, a master killed", true, killed, fleet, apps));
		}
	}

	@Test
	void slotMovedInACluster() {
		long seed = Seeds.next();
		try (TestCluster cluster = new TestCluster(); Fleet fleet = new Fleet("cluster:" + cluster.addresses(), seed)) {
			List<AppProcess> apps = start(fleet);
			Pause.ofMillis(2000);
			long moved = System.nanoTime();
			cluster.moveSlot(SlotHash.getSlot(LockyKeys.ofCluster(App.PREFIX).partitionOf("r0").lock("r0")),
					() -> Pause.ofMillis(500));
			Pause.ofMillis(5000);
			Report.full(row("Cluster, a slot moved", false, moved, fleet, apps));
		}
	}

	private static List<AppProcess> start(Fleet fleet) {
		List<AppProcess> apps = new ArrayList<>();
		for (int i = 0; i < APPS; i++) {
			apps.add(fleet.launch(fleet.next().ack(20_000)));
		}
		apps.forEach(AppProcess::awaitReady);
		apps.forEach((app) -> app.ask("mix 3 12"));
		return apps;
	}

	private static Row row(String fault, boolean loses, long fromNanos, Fleet fleet, List<AppProcess> apps) {
		Ends ends = Ends.of(apps);
		fleet.awaitSilence(Duration.ofSeconds(60));
		List<Violation> found = fleet.check(
				loses ? fleet.assumptions().withAnswersLost().withDataLost() : fleet.assumptions().withAnswersLost());
		List<String> violations = new ArrayList<>(fleet.store().violations());
		found.stream()
			.filter((violation) -> !violation.kind().isLossOfData())
			.forEach((violation) -> violations.add(violation.toString()));
		long twice = found.stream().filter((violation) -> violation.kind() == Violation.Kind.DOUBLE_GRANT).count();
		long lost = found.stream().filter((violation) -> violation.kind() == Violation.Kind.LOST_LOCK).count();
		String counted = "%s; %d double grants, %d locks lost or back; all locks granted again after %d ms"
			.formatted(fleet.counts(), twice, lost, recoveryMillis(fleet.history(), fromNanos));
		return new Row(fault,
				loses ? "0 stale saves; fences rise; recovers by itself"
						: "every answer right or \"unknown\"; recovers by itself",
				ends.calls(), 1, fleet.seed(), violations, counted);
	}

	/** The longest time without a grant, of the resource for which it was longest. */
	private static long recoveryMillis(List<Entry> history, long fromNanos) {
		long longest = 0;
		for (int i = 0; i < 12; i++) {
			String resource = "r" + i;
			long first = history.stream()
				.filter((entry) -> entry instanceof Call call && call.resource().equals(resource)
						&& call.answer().kind() == Kind.GRANTED && call.calledNanos() > fromNanos)
				.mapToLong((entry) -> ((Call) entry).answeredNanos())
				.min()
				.orElse(Long.MAX_VALUE);
			longest = Math.max(longest, first - fromNanos);
		}
		return TimeUnit.NANOSECONDS.toMillis(longest);
	}

}
