package io.locky.benchmark.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.locky.benchmark.library.Library;
import org.jspecify.annotations.Nullable;

/**
 * The results of several libraries, measured in rounds. In each round the libraries take
 * turns, so that other work of the machine affects all of them.
 *
 * @param <R> the results of a library in all rounds
 */
final class Comparison<R> {

	private final Map<Library, R> results = new EnumMap<>(Library.class);

	/**
	 * Measures.
	 * @param rounds how often
	 * @param libraries what to measure
	 * @param measurement measures one library in one round, of which the first has the
	 * number 0
	 * @param summary makes one result out of those of all rounds
	 */
	static <T, R> Comparison<R> of(int rounds, Collection<Library> libraries, Measurement<T> measurement,
			Function<List<T>, R> summary) throws Exception {
		Map<Library, List<T>> measured = new EnumMap<>(Library.class);
		for (int round = 0; round < rounds; round++) {
			for (Library library : libraries) {
				measured.computeIfAbsent(library, (key) -> new ArrayList<>()).add(measurement.of(library, round));
			}
		}
		Comparison<R> comparison = new Comparison<>();
		measured.forEach((library, values) -> comparison.results.put(library, summary.apply(values)));
		return comparison;
	}

	R of(Library library) {
		return Objects.requireNonNull(this.results.get(library));
	}

	@Nullable R find(Library library) {
		return this.results.get(library);
	}

	void forEach(BiConsumer<Library, R> action) {
		this.results.forEach(action);
	}

	interface Measurement<T> {

		T of(Library library, int round) throws Exception;

	}

}
