package io.locky.application;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table has the rows of the tests, and no others.
 */
class MatrixTests {

	@Test
	void eachRowIsAClassOfTests() {
		Set<String> rows = rows();
		if (System.getProperty("matrix", "").equals("write")) {
			Matrix.update((matrix) -> matrix.retain(rows));
		}
		else {
			assertThat(Matrix.read().rows()).containsExactlyInAnyOrderElementsOf(rows);
		}
	}

	/** Without loading the classes, some of which need other libraries. */
	private static Set<String> rows() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false) {
			@Override
			protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
				return true;
			}
		};
		scanner.addIncludeFilter(new AnnotationTypeFilter(Row.class));
		return scanner.findCandidateComponents(MatrixTests.class.getPackageName())
			.stream()
			.map((definition) -> Objects.requireNonNull(
					((AnnotatedBeanDefinition) definition).getMetadata().getAnnotationAttributes(Row.class.getName())))
			.map((row) -> Matrix.key(String.valueOf(row.get("application")), String.valueOf(row.get("driver"))))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
