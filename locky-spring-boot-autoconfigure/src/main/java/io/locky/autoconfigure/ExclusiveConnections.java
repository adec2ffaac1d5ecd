package io.locky.autoconfigure;

import io.lettuce.core.ClientOptions;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceSslClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Connections to the same master as those of another factory, that are shared with nobody
 * and do not reconnect.
 */
final class ExclusiveConnections {

	private ExclusiveConnections() {
	}

	static LettuceConnectionFactory like(LettuceConnectionFactory other) {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(server(other),
				client(other.getClientConfiguration()));
		factory.setShareNativeConnection(false);
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	private static RedisConfiguration server(LettuceConnectionFactory other) {
		RedisSentinelConfiguration sentinel = other.getSentinelConfiguration();
		if (sentinel != null) {
			return sentinel;
		}
		RedisSocketConfiguration socket = other.getSocketConfiguration();
		return (socket != null) ? socket : other.getStandaloneConfiguration();
	}

	/** All that was set, but for a choice of replicas to read from. */
	private static LettuceClientConfiguration client(LettuceClientConfiguration other) {
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
			.commandTimeout(other.getCommandTimeout())
			.shutdownTimeout(other.getShutdownTimeout())
			.shutdownQuietPeriod(other.getShutdownQuietPeriod())
			.clientOptions(
					other.getClientOptions().orElseGet(ClientOptions::create).mutate().autoReconnect(false).build());
		other.getClientResources().ifPresent(builder::clientResources);
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

}
