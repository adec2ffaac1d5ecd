package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.event.PresenceChangedEvent;
import io.locky.people.LockPresence;
import io.locky.people.Presence;
import io.locky.people.PresenceState;
import io.locky.testing.DocumentedUser;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RedisProxy.Fault;
import io.locky.testing.RestrictedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is looking at a resource, on a standalone Redis.
 */
class PresenceTests extends PresenceContract {

	@Override
	ContractRedis redis() {
		return ContractRedis.of(TestRedis.connectionFactory());
	}

	@Test
	void documentedUserMayLook() {
		try (RestrictedRedis server = RestrictedRedis.start()) {
			LettuceConnectionFactory user = server.connectAs(DocumentedUser.rules());
			try (LockyFixture allowed = new LockyFixture(user, server.admin())) {
				assertThat(allowed.template(TTL).presence().enter("x", "ann", "", PresenceState.VIEWING)).hasSize(1);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CUT", "DELAY" })
	void changeWithALostReplyIsPublishedOnce(Fault fault) throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofMillis(600));
			try (LockyFixture lossy = new LockyFixture(connections)) {
				LockPresence presence = lossy.template(TTL).presence();
				presence.enter("warm", "up", "", PresenceState.VIEWING);
				lossy.events().clear();
				proxy.next(fault);
				List<Presence> people = presence.enter("x", "ann", "p1", PresenceState.EDITING);
				assertThat(people).singleElement().returns("ann", Presence::person);
				proxy.next(fault);
				assertThat(presence.leave("x", "ann", "p1")).isTrue();
				assertThat(presence.present("x")).isEmpty();
				assertThat(lossy.events(PresenceChangedEvent.class)).extracting(PresenceChangedEvent::getState)
					.containsExactly(PresenceState.EDITING, null);
			}
			finally {
				connections.destroy();
			}
		}
	}

}
