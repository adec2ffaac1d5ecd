package io.locky.metrics;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import org.springframework.util.Assert;

/**
 * Keeps meters in a registry of Micrometer. All meters exist from the beginning, except
 * those of scripts, so that an alert on one of them works before its first event.
 * Templates that share a registry share its meters, whose values are then those of all of
 * them.
 *
 * @since 0.9.0
 */
public final class MicrometerLockyMetrics implements LockyMetrics {

	private static final Duration[] LAG_BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
			Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100),
			Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(30),
			Duration.ofMinutes(5) };

	/** A registry has one gauge of a name, which adds what all instances here have. */
	private static final Map<MeterRegistry, Set<MicrometerLockyMetrics>> instances = new WeakHashMap<>();

	private final MeterRegistry registry;

	private final List<IntSupplier> handles = new CopyOnWriteArrayList<>();

	private final Map<Outcome, Counter> requests;

	private final Map<Outcome, Timer> waits;

	private final Map<HoldEnd, Timer> holds;

	private final Map<RenewalResult, Counter> renewals;

	private final Map<LossReason, Counter> losses;

	private final Timer lag;

	private final Counter redeliveries;

	private final Counter listenerFailures;

	private final Counter gaps;

	/** By the name of the script. */
	private final Map<String, Timer> scripts = new ConcurrentHashMap<>();

	private final Map<String, Timer> failedScripts = new ConcurrentHashMap<>();

	/**
	 * Registers the meters.
	 * @param registry the registry
	 */
	public MicrometerLockyMetrics(MeterRegistry registry) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
		this.requests = each(Outcome.class,
				(outcome) -> Counter.builder("locky.acquisitions")
					.description("Requests for locks that have ended")
					.tag("outcome", text(outcome))
					.register(registry));
		this.waits = each(Outcome.class,
				(outcome) -> Timer.builder("locky.acquisition.wait")
					.description("Time that requests waited for locks")
					.tag("outcome", text(outcome))
					.register(registry));
		this.holds = each(HoldEnd.class,
				(end) -> Timer.builder("locky.hold")
					.description("Time from the grant of a lock to its end")
					.tag("end", text(end))
					.register(registry));
		this.renewals = each(RenewalResult.class,
				(result) -> Counter.builder("locky.renewals")
					.description("Renewals of handles in the background")
					.tag("result", text(result))
					.register(registry));
		this.losses = each(LossReason.class,
				(reason) -> Counter.builder("locky.losses")
					.description("Handles that were lost")
					.tag("reason", text(reason))
					.register(registry));
		this.lag = Timer.builder("locky.expiry.lag")
			.description("Time from the deadline of a lock to the publication of its expiry")
			.serviceLevelObjectives(LAG_BUCKETS)
			.register(registry);
		this.redeliveries = counter("locky.expiry.redeliveries",
				"Expiries claimed again because they were not acknowledged in time");
		this.listenerFailures = counter("locky.listener.failures", "Exceptions of listeners of lock events");
		this.gaps = counter("locky.events.gaps", "Gaps in the events of other instances");
		synchronized (instances) {
			instances.computeIfAbsent(registry, MicrometerLockyMetrics::registerGauge).add(this);
		}
	}

	/** The instances are held by their templates only. */
	private static Set<MicrometerLockyMetrics> registerGauge(MeterRegistry registry) {
		Gauge.builder("locky.handles.renewed", registry, MicrometerLockyMetrics::renewedHandles)
			.description("Handles that are held and renewed in the background")
			.register(registry);
		return Collections.newSetFromMap(new WeakHashMap<>());
	}

	private static double renewedHandles(MeterRegistry registry) {
		synchronized (instances) {
			return instances.getOrDefault(registry, Set.of())
				.stream()
				.flatMap((instance) -> instance.handles.stream())
				.mapToInt(IntSupplier::getAsInt)
				.sum();
		}
	}

	private Counter counter(String name, String description) {
		return Counter.builder(name).description(description).register(this.registry);
	}

	private static <E extends Enum<E>, M> Map<E, M> each(Class<E> type, Function<E, M> meter) {
		Map<E, M> meters = new EnumMap<>(type);
		for (E constant : type.getEnumConstants()) {
			meters.put(constant, meter.apply(constant));
		}
		return meters;
	}

	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	@Override
	public void monitorHandles(IntSupplier renewed) {
		this.handles.add(renewed);
	}

	@Override
	public void requested(Outcome outcome) {
		meter(this.requests, outcome).increment();
	}

	@Override
	public void waited(Outcome outcome, long nanos) {
		meter(this.waits, outcome).record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void held(HoldEnd end, long micros) {
		meter(this.holds, end).record(micros, TimeUnit.MICROSECONDS);
	}

	@Override
	public void renewed(RenewalResult result, int handles) {
		meter(this.renewals, result).increment(handles);
	}

	@Override
	public void lost(LossReason reason) {
		meter(this.losses, reason).increment();
	}

	@Override
	public void expired(long nanos) {
		this.lag.record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void redelivered(int expiries) {
		this.redeliveries.increment(expiries);
	}

	@Override
	public void listenerFailed() {
		this.listenerFailures.increment();
	}

	@Override
	public void eventsMissed() {
		this.gaps.increment();
	}

	@Override
	public void scriptRan(String script, boolean failed, long nanos) {
		Map<String, Timer> timers = failed ? this.failedScripts : this.scripts;
		Timer timer = timers.get(script);
		if (timer == null) {
			timer = timers.computeIfAbsent(script, (name) -> scriptTimer(name, failed));
		}
		timer.record(nanos, TimeUnit.NANOSECONDS);
	}

	private Timer scriptTimer(String script, boolean failed) {
		return Timer.builder("locky.script")
			.description("Time that Redis and the way there took for a script")
			.tags(Tags.of("script", script, "result", failed ? "failed" : "answered"))
			.register(this.registry);
	}

	private static <E extends Enum<E>, M> M meter(Map<E, M> meters, E constant) {
		M meter = meters.get(constant);
		Assert.state(meter != null, "There is a meter for each constant");
		return meter;
	}

}
