package io.locky.advice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.context.ApplicationContext;

/**
 * Calls each method of {@link Working}, through each proxy, in each situation, and finds
 * from when to when its lock is held.
 */
final class HeldResults {

	private static final List<String> PROXIES = List.of("ofClass", "ofInterface", "scoped", "prototype", "made",
			"validated");

	private final ApplicationContext context;

	private final Trace trace;

	HeldResults(ApplicationContext context) {
		this.context = context;
		this.trace = context.getBean(Trace.class);
	}

	/**
	 * The rows of the table. Situations that are alike, and then kinds that are alike,
	 * are in one row.
	 */
	List<String> rows() {
		Map<String, Set<String>> kinds = new LinkedHashMap<>();
		for (WorkKind kind : WorkKind.ALL) {
			Map<String, Set<String>> situations = new LinkedHashMap<>();
			kind.situations()
				.forEach((situation) -> situations
					.computeIfAbsent(cells(kind, situation), (cells) -> new LinkedHashSet<>())
					.add(situation.text()));
			situations.forEach(
					(cells, texts) -> kinds.computeIfAbsent(join(texts) + " | " + cells, (key) -> new LinkedHashSet<>())
						.add(kind.name()));
		}
		return kinds.entrySet()
			.stream()
			.map((row) -> "| " + join(row.getValue()) + " | " + row.getKey() + " |")
			.toList();
	}

	private static String join(Set<String> texts) {
		return String.join("; ", texts);
	}

	/** The same through each proxy, or else a cell for each of them. */
	private String cells(WorkKind kind, Situation situation) {
		Map<String, List<String>> found = new LinkedHashMap<>();
		for (String proxy : (situation == Situation.OWN_TRANSACTION) ? List.of("transactional") : PROXIES) {
			this.trace.clear(Works.RESOURCE);
			this.trace.at(Works.RESOURCE, "call");
			situation.run(new WorkCall(this.context, kind, this.context.getBean(proxy, Working.class)));
			found.computeIfAbsent(this.trace.cells(Works.RESOURCE), (cells) -> new ArrayList<>()).add(proxy);
		}
		return (found.size() == 1) ? found.keySet().iterator().next()
				: found.entrySet().stream().map(Object::toString).collect(Collectors.joining(" or "));
	}

}
