package io.locky.application;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.locky.event.LockForceReleasedEvent;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A web application with the Actuator.
 */
abstract class ActuatorContract extends WebContract {

	ActuatorContract(WebApplicationType type, Class<?> source, String driver) {
		super(type, source, driver, "management.endpoints.web.exposure.include=locky,health,metrics",
				"management.endpoint.locky.access=unrestricted", "management.endpoint.health.show-details=always");
	}

	@Test
	void endpointListsLocksAndReleasesThem() throws Exception {
		locks().lock("folder/article:7", "bob");
		assertThat(send("/actuator/locky?locker=bob&prefix=folder/", "").body()).contains("\"folder/article:7\"");
		assertThat(send("/actuator/locky/folder/article:7", "").body()).contains("\"bob\"");
		assertThat(send("DELETE", "/actuator/locky/folder/article:7", "").body()).contains("\"released\":true");
		assertThat(locks().find("folder/article:7")).isEmpty();
		assertThat(bean(Operators.class).names).containsExactly("ann");
		assertThat(send("/actuator/locky/folder/article:7", "").statusCode()).isEqualTo(404);
	}

	@Test
	void healthHasTheLocks() {
		await().untilAsserted(() -> assertThat(send("/actuator/health", "").body())
			.containsPattern("\"locky\":\\{(\"details\":\\{[^}]*},)?\"status\":\"UP\"")
			.contains("\"follower\":\"off\""));
	}

	@Test
	void metersAndObservationsAreKept() throws Exception {
		send("/locky/locks/acquire", "{\"resource\":\"article:8\"}");
		assertThat(send("/actuator/metrics/locky.acquisitions?tag=outcome:acquired", "").statusCode()).isEqualTo(200);
		await()
			.untilAsserted(() -> assertThat(send("/actuator/metrics/locky.http?tag=locky.outcome:granted", "").body())
				.contains("\"COUNT\""));
		send("/edit?id=9", "");
		await()
			.untilAsserted(() -> assertThat(send("/actuator/metrics/locky.locked", "").body()).contains("\"COUNT\""));
	}

	static class Operators {

		private final Queue<String> names = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(LockForceReleasedEvent event) {
			this.names.add(event.getOperator());
		}

	}

}
