package io.locky.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigurationMetadataTests {

	private static final Pattern PROPERTY = Pattern
		.compile("\"name\": \"(?<name>[^\"]+)\",\\s+\"type\": \"java[^\"]+\",\\s+\"description\": \"(?<text>[^\"]+)\"");

	@Test
	void everyPropertyIsDescribedInASentence() throws IOException {
		Map<String, String> descriptions = PROPERTY.matcher(metadata())
			.results()
			.collect(Collectors.toMap((match) -> match.group(1), (match) -> match.group(2)));
		assertThat(descriptions).containsOnlyKeys("locky.enabled", "locky.ttl", "locky.prefix",
				"locky.expiration.enabled", "locky.expiration.ack-timeout", "locky.expiration.listener-threads",
				"locky.expiration.transactional", "locky.npm-interop", "locky.locker-index", "locky.events.broadcast",
				"locky.events.instance", "locky.events.log-length", "locky.min-replicas-ack",
				"locky.min-replicas-ack-timeout", "locky.shutdown-timeout", "locky.startup-check.enabled",
				"locky.web.problems.enabled", "locky.web.enabled", "locky.web.path", "locky.web.resources",
				"locky.observations.include-resource", "locky.web.ttl", "locky.web.max-subscribers",
				"locky.web.max-watched", "locky.web.max-locks-per-caller", "locky.web.max-requests-per-second",
				"locky.web.stream-heartbeat", "locky.line.enabled", "locky.line.place-ttl", "locky.line.offer",
				"locky.handover.enabled", "locky.presence.enabled", "locky.history.enabled", "locky.history.length",
				"locky.history.retention", "management.endpoint.locky.cache.time-to-live");
		assertThat(descriptions.values()).allSatisfy((text) -> assertThat(text).endsWith("."));
		assertThat(descriptions.get("locky.enabled")).startsWith("Whether ");
		assertThat(descriptions.get("locky.expiration.enabled")).startsWith("Whether ");
		assertThat(descriptions.get("locky.expiration.transactional")).startsWith("Whether ");
		assertThat(descriptions.get("locky.observations.include-resource")).startsWith("Whether ");
		assertThat(descriptions.get("locky.web.enabled")).startsWith("Whether ");
		assertThat(descriptions.get("locky.web.problems.enabled")).startsWith("Whether ");
	}

	private static String metadata() throws IOException {
		try (InputStream file = new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream()) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
