package io.locky.comparison;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.locky.LockQuery;
import io.locky.LockRequest;

/**
 * An operation that can be made on both sides, and its description.
 *
 * @param text the description
 * @param waits whether it is a request that waits
 * @param action makes it, and returns the answer as text
 */
record RandomOperation(String text, boolean waits, Function<Side, Object> action) {

	/**
	 * Draws operations for one sequence, which has resources and lockers of its own.
	 */
	static final class Source {

		private final Random random;

		private final Leases leases;

		private final String name;

		private final List<String> resources;

		private final List<String> lockers;

		Source(Random random, Leases leases, String name) {
			this.random = random;
			this.leases = leases;
			this.name = name;
			this.resources = Stream.of("a", "b", "c", "d").map((resource) -> name + ":" + resource).toList();
			this.lockers = Stream.of("ann", "bob", "carl").map((locker) -> name + "-" + locker).toList();
		}

		List<String> resources() {
			return this.resources;
		}

		List<String> lockers() {
			return this.lockers;
		}

		/**
		 * Draws an operation; the known fences and handles of both sides are the same.
		 */
		RandomOperation next(Side known) {
			int kind = this.random.nextInt(100);
			if (kind < 45) {
				return acquisition(known);
			}
			if (kind < 57) {
				return refresh(known);
			}
			if (kind < 74) {
				return release(known);
			}
			return (kind < 86) ? query() : onHandle(known);
		}

		private RandomOperation acquisition(Side known) {
			String resource = any(this.resources);
			String locker = any(this.lockers);
			int kind = this.random.nextInt(10);
			if (kind == 0) {
				return operation("lock " + resource + " " + locker, (side) -> side.locks().lock(resource, locker));
			}
			if (kind == 1) {
				List<String> some = new ArrayList<>(this.resources);
				Collections.shuffle(some, this.random);
				List<String> part = some.subList(0, 1 + this.random.nextInt(3));
				return operation("lockAll " + part + " " + locker, (side) -> side.locks().lockAll(part, locker));
			}
			if (kind < 4) {
				return waiting(resource, locker);
			}
			Options options = options(known);
			boolean handle = this.random.nextInt(4) > 0;
			return operation((handle ? "tryLock " : "lock ") + resource + " " + locker + options.text(), (side) -> {
				LockRequest request = options.with(side, LockRequest.of(resource).by(locker));
				return handle ? side.text(side.locks().tryLock(request)) : side.locks().lock(request);
			});
		}

		/**
		 * Not of a kind that is let in where its own locker holds the lock: Redis looks
		 * at that later.
		 */
		private RandomOperation waiting(String resource, String locker) {
			LockRequest request = LockRequest.of(resource).by(locker).waitUpTo(Duration.ofMinutes(5));
			LockRequest full = this.random.nextBoolean() ? request.note("waited") : request.ttl(Leases.LONGER);
			return new RandomOperation("wait " + resource + " " + locker, true, (side) -> {
				side.startWaiting(full);
				return "started";
			});
		}

		private Options options(Side known) {
			Options options = new Options("", (side) -> UnaryOperator.identity());
			Duration ttl = any(List.of(this.leases.shorter(), this.leases.medium(), Leases.LONG, Leases.LONGER));
			Duration maxHold = any(List.of(this.leases.shorter(), this.leases.medium(), Leases.LONG));
			int number = this.random.nextInt(known.knownFences() + 1);
			String client = any(List.of("page-1", "page-2"));
			String note = any(List.of("one", "\"two\" ☕"));
			options = options.maybe(chance(70), "ttl " + ttl, (side, request) -> request.ttl(ttl));
			options = options.maybe(chance(15), "maxHold " + maxHold, (side, request) -> request.maxHold(maxHold));
			options = options.maybe(chance(25), "reentrant", (side, request) -> request.reentrant());
			options = options.maybe(chance(25), client, (side, request) -> request.client(client));
			options = options.maybe(chance(20), note, (side, request) -> request.note(note));
			options = options.maybe(chance(20), "autoRenew", (side, request) -> request.autoRenew());
			options = options.maybe(chance(15), "force", (side, request) -> request.force());
			return options.maybe(chance(20), "takeOverFrom #" + number,
					(side, request) -> request.takeOverFrom(side.fence(number)));
		}

		private RandomOperation refresh(Side known) {
			String resource = any(this.resources);
			String locker = any(this.lockers);
			int number = this.random.nextInt(known.knownFences() + 1);
			return switch (this.random.nextInt(4)) {
				case 0 -> operation("refresh " + resource, (side) -> side.locks().refresh(resource));
				case 1 ->
					operation("refresh " + resource + " " + locker, (side) -> side.locks().refresh(resource, locker));
				default -> operation("tryRefresh " + resource + " " + locker + " #" + number,
						(side) -> side.text(side.locks().tryRefresh(resource, locker, side.fence(number))));
			};
		}

		private RandomOperation release(Side known) {
			String resource = any(this.resources);
			String locker = any(this.lockers);
			int number = this.random.nextInt(known.knownFences() + 1);
			return switch (this.random.nextInt(6)) {
				case 0, 1 -> operation("unlock " + resource, (side) -> side.locks().unlock(resource));
				case 2, 3 ->
					operation("unlock " + resource + " " + locker, (side) -> side.locks().unlock(resource, locker));
				case 4 -> operation("unlockAll " + locker, (side) -> side.locks().unlockAll(locker));
				default -> operation("unlock " + resource + " " + locker + " #" + number,
						(side) -> side.locks().unlock(resource, locker, side.fence(number)));
			};
		}

		private RandomOperation query() {
			String resource = any(this.resources);
			String locker = any(this.lockers);
			LockQuery all = LockQuery.all().withPrefix(this.name + ":").limit(2);
			return switch (this.random.nextInt(5)) {
				case 0 -> operation("find " + resource, (side) -> side.locks().find(resource).map(side::text));
				case 1 -> operation("getLocker " + resource, (side) -> side.locks().getLocker(resource));
				case 2 -> operation("findAll",
						(side) -> side.locks().findAll(this.resources).values().stream().map(side::text).toList());
				case 3 -> operation("list", (side) -> side.list(all));
				default -> operation("list of " + locker, (side) -> side.list(all.heldBy(locker)));
			};
		}

		private RandomOperation onHandle(Side known) {
			if (known.started() > 0 && chance(15)) {
				int index = this.random.nextInt(known.started());
				return operation("cancel wait " + index, (side) -> {
					side.cancel(index);
					return "cancelled";
				});
			}
			if (known.knownHandles() == 0) {
				return query();
			}
			int index = this.random.nextInt(known.knownHandles());
			return switch (this.random.nextInt(5)) {
				case 0 -> operation("close handle " + index, (side) -> {
					side.handle(index).close();
					return "closed";
				});
				case 1 -> operation("release handle " + index, (side) -> side.handle(index).release());
				case 2, 3 -> operation("refresh handle " + index, (side) -> side.handle(index).refresh());
				default -> operation("is handle valid " + index, (side) -> side.handle(index).isValid());
			};
		}

		private <T> T any(List<T> values) {
			return values.get(this.random.nextInt(values.size()));
		}

		private boolean chance(int percent) {
			return this.random.nextInt(100) < percent;
		}

		private static RandomOperation operation(String text, Function<Side, Object> action) {
			return new RandomOperation(text, false, action);
		}

	}

	/**
	 * Options of a request. Fences in them differ between the sides.
	 *
	 * @param text the description
	 * @param change adds them to a request
	 */
	private record Options(String text, Function<Side, UnaryOperator<LockRequest>> change) {

		Options maybe(boolean wanted, String name, Option option) {
			return wanted
					? new Options(this.text + ", " + name, (side) -> (request) -> option.add(side, with(side, request)))
					: this;
		}

		LockRequest with(Side side, LockRequest request) {
			return this.change.apply(side).apply(request);
		}

	}

	/**
	 * One option of a request.
	 */
	private interface Option {

		LockRequest add(Side side, LockRequest request);

	}

}
