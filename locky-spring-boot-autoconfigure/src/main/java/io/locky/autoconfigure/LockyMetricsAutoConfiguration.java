package io.locky.autoconfigure;

import io.locky.metrics.LockyMetrics;
import io.locky.metrics.MicrometerLockyMetrics;
import io.locky.web.internal.endpoint.LockStreams;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters, where there is a registry of Micrometer.
 *
 * @since 0.9.0
 */
@AutoConfiguration(before = LockyAutoConfiguration.class,
		afterName = {
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
public final class LockyMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LockyMetrics lockyMetrics(MeterRegistry registry) {
		return new MicrometerLockyMetrics(registry);
	}

	@Bean
	MeterBinder lockyStreamMetrics(ObjectProvider<LockStreams> streams) {
		return (registry) -> streams.ifAvailable((open) -> Gauge.builder("locky.streams.open", open, LockStreams::size)
			.description("Live streams that are open")
			.register(registry));
	}

}
