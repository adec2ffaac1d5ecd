package io.locky.internal.check;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class FailoverCheckTests {

	@Test
	void defaultsOfLettuceAreFineForTheLeaseOfMethods() {
		LettuceClientConfiguration client = LettuceClientConfiguration.builder().build();
		LettuceConnectionFactory cluster = new LettuceConnectionFactory(new RedisClusterConfiguration(), client);
		assertThat(client.getCommandTimeout()).isEqualTo(Duration.ofMinutes(1));
		assertThat(FailoverCheck.warnings(cluster, null)).isEmpty();
		assertThat(FailoverCheck.warnings(cluster, Duration.ofMinutes(5))).isEmpty();
		assertThat(FailoverCheck.warnings(cluster, Duration.ofSeconds(9))).hasSize(1);
	}

	@Test
	void clientThatNeverLooksForTheNewMasterIsWarnedOf() {
		assertThat(warnings((options) -> options.disableAllAdaptiveRefreshTriggers(), null)).singleElement()
			.asString()
			.contains("the client looks for the new master never", "a lease lasts 30000 ms",
					"spring.data.redis.lettuce.cluster.refresh.period to 15000ms");
	}

	@Test
	void rareRefreshIsWarnedOfIfTheLeaseIsShort() {
		UnaryOperator<ClusterTopologyRefreshOptions.Builder> period = (
				options) -> options.disableAllAdaptiveRefreshTriggers().enablePeriodicRefresh(Duration.ofSeconds(10));
		assertThat(warnings(period, Duration.ofSeconds(20))).isEmpty();
		assertThat(warnings(period, Duration.ofSeconds(19))).singleElement()
			.asString()
			.contains("only every 10000 ms", "a lease lasts 19000 ms", "refresh.period to 9500ms");
	}

	@Test
	void otherSetupsAreNotChecked() {
		assertThat(FailoverCheck.warnings(TestRedis.connectionFactory(), Duration.ofMillis(50))).isEmpty();
	}

	private static List<String> warnings(UnaryOperator<ClusterTopologyRefreshOptions.Builder> refresh,
			@Nullable Duration ttl) {
		ClusterTopologyRefreshOptions options = refresh.apply(ClusterTopologyRefreshOptions.builder()).build();
		LettuceClientConfiguration client = LettuceClientConfiguration.builder()
			.clientOptions(ClusterClientOptions.builder().topologyRefreshOptions(options).build())
			.build();
		return FailoverCheck.warnings(new LettuceConnectionFactory(new RedisClusterConfiguration(), client), ttl);
	}

}
