package io.locky.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class LeastPrivilegeTests {

	@Test
	void userWhoMayNotPublishCanLockAllTheSame() {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory admin = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			try (RedisConnection connection = admin.getConnection()) {
				connection.execute("ACL", bytes("SETUSER", "locks", "on", ">secret", "~*", "resetchannels", "+@all"));
			}
			RedisStandaloneConfiguration user = new RedisStandaloneConfiguration("127.0.0.1", redis.port());
			user.setUsername("locks");
			user.setPassword("secret");
			LettuceConnectionFactory connections = TestRedis.connect(user, Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(connections)) {
				LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
				assertThat(locks.lock("x", "ann")).isTrue();
				assertThat(locks.lock("x", "bob")).isFalse();
				assertThat(locks.unlock("x")).isTrue();
				assertThat(locks.lockAll(List.of("x", "y"), "ann")).isTrue();
			}
			finally {
				connections.destroy();
				admin.destroy();
			}
		}
	}

	private static byte[][] bytes(String... words) {
		byte[][] arguments = new byte[words.length][];
		for (int i = 0; i < words.length; i++) {
			arguments[i] = words[i].getBytes(StandardCharsets.UTF_8);
		}
		return arguments;
	}

}
