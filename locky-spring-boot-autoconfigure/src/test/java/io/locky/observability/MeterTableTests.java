package io.locky.observability;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.testing.DocumentedTable;
import io.locky.testing.WebInstance;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The meters of a real application, the table of them in the documentation, and the
 * queries of the dashboard.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MeterTableTests {

	private static final Pattern METRIC = Pattern.compile("\\b(locky_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*=~?\\s*\"");

	private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");

	private final WebInstance web = WebInstance.start(WebApplicationType.SERVLET, new Class<?>[] { ObservedWeb.class },
			"locky.web.enabled=true", "locky.web.resources=article:", "locky.events.broadcast=true",
			"locky.startup-check.enabled=false");

	private final PrometheusMeterRegistry registry = this.web.bean(PrometheusMeterRegistry.class);

	@BeforeAll
	void use() {
		this.web.locks().lock(LockRequest.of("article:1").by("ann").ttl(Duration.ofMillis(20)));
		await().until(() -> this.registry.get("locky.expiry.lag").timer().count() == 1);
	}

	@AfterAll
	void close() {
		this.web.close();
	}

	@Test
	void documentedMetersAreThoseOfARealRun() {
		Map<String, List<Meter.Id>> meters = this.registry.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getName().startsWith("locky."))
			.collect(Collectors.groupingBy(Meter.Id::getName, TreeMap::new, Collectors.toList()));
		new DocumentedTable("observability.md", "## Meters")
			.assertHas(meters.values().stream().map(MeterTableTests::row).toList());
	}

	private static String row(List<Meter.Id> meters) {
		Meter.Id first = meters.get(0);
		return "| `%s` | %s | %s | %s |".formatted(first.getName(), first.getType().name().toLowerCase(Locale.ROOT),
				tags(meters), first.getDescription());
	}

	private static String tags(List<Meter.Id> meters) {
		List<Tag> tags = meters.get(0).getTags();
		return tags.isEmpty() ? "none"
				: tags.stream()
					.map(Tag::getKey)
					.map((key) -> key.equals("script") ? "`script`: its name" : "`" + key + "`: " + values(meters, key))
					.collect(Collectors.joining("; "));
	}

	private static String values(List<Meter.Id> meters, String key) {
		return meters.stream()
			.map((id) -> "`" + id.getTag(key) + "`")
			.distinct()
			.sorted()
			.collect(Collectors.joining(", "));
	}

	@Test
	void queriesOfTheDashboardFindTheirMetrics() throws Exception {
		Map<String, Set<String>> scraped = scraped();
		List<String> queries = queries();
		assertThat(queries).hasSizeGreaterThan(10);
		for (String query : queries) {
			Set<String> labels = new TreeSet<>();
			for (MatchResult metric : METRIC.matcher(query).results().toList()) {
				assertThat(scraped).as(query).containsKey(metric.group(1));
				labels.addAll(scraped.get(metric.group(1)));
				String selected = (metric.group(2) != null) ? metric.group(2) : "";
				assertThat(LABEL.matcher(selected).results().map((label) -> label.group(1))).as(query)
					.isSubsetOf(withTarget(scraped.get(metric.group(1))));
			}
			assertThat(GROUPING.matcher(query).results().flatMap((by) -> Stream.of(by.group(1).split(", *")))).as(query)
				.isSubsetOf(withTarget(labels));
		}
	}

	@Test
	void dashboardShowsEachMeter() throws Exception {
		String queries = String.join("\n", queries());
		assertThat(this.registry.getMeters().stream().map((meter) -> meter.getId().getName()))
			.filteredOn((name) -> name.startsWith("locky."))
			.allSatisfy((name) -> assertThat(queries).contains(name.replace('.', '_')));
	}

	/** What Prometheus adds to each sample. */
	private static Set<String> withTarget(Set<String> labels) {
		Set<String> all = new TreeSet<>(labels);
		all.addAll(List.of("job", "instance"));
		return all;
	}

	/** The names of the samples, with their labels. */
	private Map<String, Set<String>> scraped() {
		Map<String, Set<String>> samples = new TreeMap<>();
		this.registry.scrape()
			.lines()
			.filter((line) -> line.startsWith("locky_"))
			.flatMap((line) -> METRIC.matcher(line).results())
			.forEach((sample) -> {
				Set<String> labels = samples.computeIfAbsent(sample.group(1), (name) -> new TreeSet<>());
				if (sample.group(2) != null) {
					LABEL.matcher(sample.group(2)).results().forEach((label) -> labels.add(label.group(1)));
				}
			});
		return samples;
	}

	private static List<String> queries() throws Exception {
		List<String> queries = new ArrayList<>();
		try (InputStream file = Files.newInputStream(Path.of("../docs/observability/grafana.json"))) {
			for (JsonNode panel : JsonMapper.shared().readTree(file).get("panels")) {
				if (panel.has("targets")) {
					panel.get("targets").forEach((target) -> queries.add(target.get("expr").asString()));
				}
			}
		}
		return queries;
	}

	@Test
	void openStreamsAreCounted() throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + this.web.port() + "/locky/events?resource=article:1"))
			.build();
		HttpResponse<InputStream> stream = HttpClient.newHttpClient()
			.send(request, HttpResponse.BodyHandlers.ofInputStream());
		assertThat(stream.statusCode()).isEqualTo(200);
		assertThat(this.registry.get("locky.streams.open").gauge().value()).isEqualTo(1);
		stream.body().close();
	}

}
