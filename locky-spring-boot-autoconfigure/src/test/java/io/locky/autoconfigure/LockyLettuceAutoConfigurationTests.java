package io.locky.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class LockyLettuceAutoConfigurationTests {

	private static final int LATE = 40;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyLettuceAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.lettuce.shutdown-timeout=0");

	private final ApplicationContextRunner onCluster = this.contextRunner
		.withPropertyValues("spring.data.redis.cluster.nodes=127.0.0.1:1");

	@Test
	void reconnectDelayIsCapped() {
		this.contextRunner.run((context) -> assertThat(reconnectDelay(context)).isEqualTo(Duration.ofSeconds(1)));
	}

	@Test
	void reconnectDelayOfTheUserWins() {
		this.contextRunner
			.withBean("own", ClientResourcesBuilderCustomizer.class,
					() -> (resources) -> resources.reconnectDelay(Delay.constant(Duration.ofSeconds(17))))
			.run((context) -> assertThat(reconnectDelay(context)).isEqualTo(Duration.ofSeconds(17)));
	}

	@Test
	void clientResourcesOfTheUserAreLeftAsTheyAre() {
		ClientResources own = DefaultClientResources.create();
		this.contextRunner.withBean("own", ClientResources.class, () -> own)
			.run((context) -> assertThat(reconnectDelay(context)).isEqualTo(Duration.ofSeconds(30)));
		own.shutdown(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void clusterTopologyIsFollowed() {
		this.onCluster.run((context) -> {
			ClusterTopologyRefreshOptions refresh = refresh(context);
			assertThat(refresh.isPeriodicRefreshEnabled()).isTrue();
			assertThat(refresh.getRefreshPeriod()).isEqualTo(Duration.ofSeconds(30));
			assertThat(refresh.getAdaptiveRefreshTimeout()).isEqualTo(Duration.ofSeconds(2));
			assertThat(refresh.getAdaptiveRefreshTriggers())
				.containsExactlyInAnyOrder(ClusterTopologyRefreshOptions.RefreshTrigger.values());
		});
	}

	@Test
	void otherOptionsOfSpringBootStay() {
		this.onCluster.withPropertyValues("spring.data.redis.connect-timeout=3s")
			.run((context) -> assertThat(options(context).getSocketOptions().getConnectTimeout())
				.isEqualTo(Duration.ofSeconds(3)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "period=77s", "dynamicRefreshSources=true" })
	void propertiesOfTheUserWin(String property) {
		this.onCluster.withPropertyValues("spring.data.redis.lettuce.cluster.refresh." + property).run((context) -> {
			assertThat(refresh(context).getAdaptiveRefreshTimeout()).isEqualTo(Duration.ofSeconds(5));
			assertThat(refresh(context).isPeriodicRefreshEnabled()).isEqualTo(property.startsWith("period"));
		});
	}

	@Test
	void customizersOfTheUserWin() {
		ClusterTopologyRefreshOptions own = ClusterTopologyRefreshOptions.create();
		this.onCluster
			.withBean("own", LettuceClientOptionsBuilderCustomizer.class,
					() -> (options) -> ((ClusterClientOptions.Builder) options).topologyRefreshOptions(own))
			.run((context) -> assertThat(refresh(context)).isSameAs(own));
		ClientOptions options = ClusterClientOptions.create();
		this.onCluster
			.withBean("own", LettuceClientConfigurationBuilderCustomizer.class,
					() -> (configuration) -> configuration.clientOptions(options))
			.run((context) -> assertThat(options(context)).isSameAs(options));
	}

	@Test
	void autoConfigurationBacksOff() {
		this.onCluster.withPropertyValues("locky.enabled=false")
			.run((context) -> assertThat(refresh(context).isPeriodicRefreshEnabled()).isFalse());
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LockyLettuceAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(ClientOptions.class, LettuceClientOptionsBuilderCustomizer.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(LettuceClientOptionsBuilderCustomizer.class));
	}

	private static Duration reconnectDelay(ApplicationContext context) {
		return context.getBean(LettuceConnectionFactory.class)
			.getClientConfiguration()
			.getClientResources()
			.orElseThrow()
			.reconnectDelay()
			.createDelay(LATE);
	}

	private static ClientOptions options(ApplicationContext context) {
		return context.getBean(LettuceConnectionFactory.class)
			.getClientConfiguration()
			.getClientOptions()
			.orElseThrow();
	}

	private static ClusterTopologyRefreshOptions refresh(ApplicationContext context) {
		return ((ClusterClientOptions) options(context)).getTopologyRefreshOptions();
	}

}
