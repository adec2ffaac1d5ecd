package io.locky.internal.redis;

import java.lang.reflect.Field;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ReflectionUtils;

/**
 * The settings of a connection factory, for another factory that connects to the same
 * servers in another way.
 */
final class RedisSettings {

	/**
	 * The getters return a default for a standalone server that was passed as a general
	 * configuration, and nothing for a master with static replicas.
	 */
	private static final @Nullable Field SERVERS = ReflectionUtils.findField(LettuceConnectionFactory.class,
			"configuration", RedisConfiguration.class);

	private RedisSettings() {
	}

	/**
	 * The servers of a factory, and the credentials for them.
	 * @param factory the factory
	 * @return the settings, or {@code null} if they cannot be read
	 */
	static @Nullable RedisConfiguration servers(LettuceConnectionFactory factory) {
		if (SERVERS == null) {
			return null;
		}
		try {
			ReflectionUtils.makeAccessible(SERVERS);
			return (RedisConfiguration) ReflectionUtils.getField(SERVERS, factory);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * All settings of the driver, except a choice of replicas to read from.
	 * @param factory the factory
	 * @param options the client options instead of its own
	 * @param resources the client resources instead of its own, or {@code null} for none
	 * @return the settings
	 */
	static LettuceClientConfiguration client(LettuceConnectionFactory factory, ClientOptions options,
			@Nullable ClientResources resources) {
		LettuceClientConfiguration other = factory.getClientConfiguration();
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
			.commandTimeout(other.getCommandTimeout())
			.shutdownTimeout(other.getShutdownTimeout())
			.shutdownQuietPeriod(other.getShutdownQuietPeriod())
			.clientOptions(options);
		if (resources != null) {
			builder.clientResources(resources);
		}
		other.getClientName().ifPresent(builder::clientName);
		other.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
		if (other.isUseSsl()) {
			LettuceSslClientConfigurationBuilder ssl = builder.useSsl().verifyPeer(other.getVerifyMode());
			if (other.isStartTls()) {
				ssl.startTls();
			}
		}
		return builder.build();
	}

	/**
	 * The client options of a factory.
	 * @param factory the factory
	 * @param reconnect whether connections reconnect by themselves
	 * @return the options
	 */
	static ClientOptions options(LettuceConnectionFactory factory, boolean reconnect) {
		return factory.getClientConfiguration()
			.getClientOptions()
			.orElseGet(ClientOptions::create)
			.mutate()
			.autoReconnect(reconnect)
			.build();
	}

}
