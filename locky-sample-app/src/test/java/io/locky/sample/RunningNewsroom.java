package io.locky.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Instances of the sample on free ports. The first one starts Redis; all of them share it
 * and a database in memory.
 */
final class RunningNewsroom implements AutoCloseable {

	/** Long enough for a busy machine, short enough to wait for. */
	private static final String SHORT = "6s";

	private final String database;

	private final String ttl;

	private final ConfigurableApplicationContext context;

	private RunningNewsroom(String name, String ttl, String database, List<String> properties, Class<?>... more) {
		this.ttl = ttl;
		this.database = database;
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--newsroom.press-time=-",
				"--newsroom.redis-port=0", "--locky.ttl=" + ttl, "--locky.events.instance=" + name,
				"--spring.datasource.url=jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1"));
		all.addAll(properties);
		this.context = new SpringApplicationBuilder(SampleApplication.class).sources(more)
			.web(WebApplicationType.SERVLET)
			.run(all.toArray(String[]::new));
	}

	static RunningNewsroom start() {
		return start(SHORT);
	}

	/** With a lease, and with the features that properties enable. */
	static RunningNewsroom start(String ttl, String... properties) {
		return new RunningNewsroom("newsroom-8080", ttl, UUID.randomUUID().toString(), List.of(properties));
	}

	/** With the feature that a property enables, and more beans. */
	static RunningNewsroom startWith(String property, Class<?>... more) {
		return new RunningNewsroom("newsroom-8080", SHORT, UUID.randomUUID().toString(), List.of(property), more);
	}

	RunningNewsroom startSecond() {
		return new RunningNewsroom("newsroom-8081", this.ttl, this.database,
				List.of("--spring.data.redis.url=redis://127.0.0.1:"
						+ this.context.getBean(EmbeddedRedis.class).getStandalone().getPort()));
	}

	String url() {
		return "http://localhost:" + this.context.getEnvironment().getRequiredProperty("local.server.port");
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
