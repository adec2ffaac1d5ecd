package io.locky.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.Delay;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration that makes Lettuce notice a failover within seconds. It changes only
 * what the application leaves open: the properties of the application take precedence,
 * and its own customizers run after these.
 *
 * @since 0.9.0
 */
@AutoConfiguration
@ConditionalOnClass({ ClientOptions.class, LettuceClientOptionsBuilderCustomizer.class })
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
public final class LockyLettuceAutoConfiguration {

	static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

	static final Duration REFRESH_PERIOD = Duration.ofSeconds(30);

	static final Duration LEAST_BETWEEN_REFRESHES = Duration.ofSeconds(2);

	private static final String REFRESH = "spring.data.redis.lettuce.cluster.refresh";

	/**
	 * Limits the pause before Lettuce connects again. By default it grows to 30 s, and
	 * for that long an instance would not use a master that is available.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientResourcesBuilderCustomizer lockyReconnectDelay() {
		return (resources) -> resources
			.reconnectDelay(Delay.exponential(Duration.ZERO, LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS));
	}

	/**
	 * Refreshes the topology of a Cluster more often. By default Lettuce refreshes it
	 * only when a command meets a change, and every 5 s at most. An earlier and a
	 * periodic refresh find a new master sooner.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	LettuceClientOptionsBuilderCustomizer lockyTopologyRefresh(Environment environment) {
		boolean isSet = Binder.get(environment).bind(REFRESH, Bindable.mapOf(String.class, String.class)).isBound();
		return (options) -> {
			if (!isSet && options instanceof ClusterClientOptions.Builder cluster) {
				cluster.topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
					.enablePeriodicRefresh(REFRESH_PERIOD)
					.adaptiveRefreshTriggersTimeout(LEAST_BETWEEN_REFRESHES)
					.build());
			}
		};
	}

}
