package io.locky.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.locky.core.FleetHistory.Kind;
import io.locky.core.FleetHistory.Seen;
import io.locky.core.FleetHistory.Type;
import io.locky.core.FleetHistory.Use;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Histories with one fault each, and without any.
 */
class FleetHistoryTests {

	private final List<Seen> ann = new ArrayList<>();

	private final List<Seen> bob = new ArrayList<>();

	private final List<Seen> log = new ArrayList<>();

	private final List<Use> uses = new ArrayList<>();

	FleetHistoryTests() {
		happens(this.ann, Type.ACQUIRED, "x", 1);
		happens(this.ann, Type.RELEASED, "x", 1);
		happens(this.bob, Type.ACQUIRED, "x", 3);
		happens(this.ann, Type.ACQUIRED, "y", 4);
		happens(this.ann, Type.TAKEN_OVER, "x", 5);
		happens(this.bob, Type.EXPIRED, "x", 5);
		happens(this.bob, Type.EXPIRED, "y", 4);
		this.uses.add(new Use("x", 1, 100, 110, 150, true));
		this.uses.add(new Use("x", 3, 105, 160, 300, false));
		this.uses.add(new Use("x", 5, 200, 210, 400, false));
		this.uses.add(new Use("y", 4, 180, 190, 500, false));
	}

	private void happens(List<Seen> here, Type type, String resource, long fence) {
		for (List<Seen> observer : List.of(this.ann, this.bob, this.log)) {
			observer.add(new Seen(type, resource, fence, observer != here));
		}
	}

	@Test
	void historyWithoutAFault() {
		assertThat(history().violations()).isEmpty();
		assertThat(history().grants()).isEqualTo(4);
	}

	@Test
	void beginThatOneInstanceMissed() {
		this.bob.remove(new Seen(Type.ACQUIRED, "x", 1, true));
		assertViolation(Kind.BEGIN, "bob saw BEGIN of x/1 0 times");
	}

	@Test
	void beginThatOneInstanceSawTwice() {
		this.bob.add(new Seen(Type.ACQUIRED, "y", 4, true));
		assertViolation(Kind.BEGIN, "bob saw BEGIN of y/4 2 times");
	}

	@Test
	void releaseThatOneInstanceMissed() {
		this.bob.remove(new Seen(Type.RELEASED, "x", 1, true));
		assertViolation(Kind.END, "bob saw END of x/1 0 times");
	}

	@Test
	void expiryOnTopOfARelease() {
		happens(this.bob, Type.EXPIRED, "x", 1);
		assertThat(history().violations()).hasSize(3)
			.allMatch((violation) -> violation.text().endsWith("saw END of x/1 2 times"));
	}

	@Test
	void takeoverThatTheLogMissed() {
		this.log.remove(new Seen(Type.TAKEN_OVER, "x", 5, true));
		assertThat(FleetHistory.count(history().violations())).isEqualTo(Map.of(Kind.BEGIN, 1L, Kind.END, 1L));
	}

	@Test
	void grantThatNeverEnds() {
		happens(this.bob, Type.ACQUIRED, "z", 7);
		assertThat(FleetHistory.count(history().violations())).isEqualTo(Map.of(Kind.END, 3L));
	}

	@Test
	void endOfAGrantThatNeverBegan() {
		this.ann.add(new Seen(Type.RELEASED, "x", 9, false));
		assertViolation(Kind.UNKNOWN, "ann saw the end of x/9, which never began");
	}

	@Test
	void eventThatIsRemoteEverywhere() {
		this.ann.replaceAll((event) -> (event.fence() == 1 && event.begins())
				? new Seen(event.type(), event.resource(), event.fence(), true) : event);
		assertViolation(Kind.ORIGIN, "[ACQUIRED, x, 1] is not remote on 0 instances");
	}

	@Test
	void eventOfTwoInstances() {
		this.bob.replaceAll((event) -> (event.fence() == 1 && event.begins())
				? new Seen(event.type(), event.resource(), event.fence(), false) : event);
		assertViolation(Kind.ORIGIN, "[ACQUIRED, x, 1] is not remote on 2 instances");
	}

	@Test
	void handleThatIsValidAfterTheNextGrant() {
		this.uses.set(0, new Use("x", 1, 100, 110, 2160, true));
		assertViolation(Kind.OVERLAP, "x/1 was valid 2 µs after x/3 was granted");
	}

	@Test
	void handleThatOthersReleasedMayOverlap() {
		this.uses.set(0, new Use("x", 1, 100, 110, 2160, false));
		assertThat(history().violations()).isEmpty();
	}

	@Test
	void fenceThatFellInTheLog() {
		this.log.remove(new Seen(Type.ACQUIRED, "x", 1, true));
		this.log.add(new Seen(Type.ACQUIRED, "x", 1, true));
		assertViolation(Kind.FENCE, "x/1 was granted after x/5");
	}

	@Test
	void fenceThatFellBetweenTwoHandles() {
		this.uses.set(0, new Use("x", 1, 170, 175, 176, false));
		assertViolation(Kind.FENCE, "x/1 was asked for after x/3 had been granted");
	}

	private FleetHistory history() {
		return new FleetHistory(Map.of("ann", this.ann, "bob", this.bob), this.log, this.uses);
	}

	private void assertViolation(Kind kind, String text) {
		assertThat(history().violations()).containsExactly(new FleetHistory.Violation(kind, text));
	}

}
