package io.locky.annotation;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.locky.LockNames;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * A text of a lock annotation, parsed once: literals and placeholders in turn.
 */
final class TextTemplate {

	private final List<Part> parts;

	private TextTemplate(List<Part> parts) {
		this.parts = parts;
	}

	/**
	 * Parses a text.
	 * @param text the text
	 * @return what it means
	 * @throws IllegalArgumentException if it cannot be understood
	 */
	static TextTemplate parse(String text) {
		return new TextTemplate(new TextTemplateParser(text).parse());
	}

	/**
	 * The parameters that the placeholders read.
	 * @return their names
	 */
	Set<String> parameters() {
		Set<String> names = new TreeSet<>();
		for (Part part : this.parts) {
			if (part instanceof Placeholder placeholder) {
				names.addAll(ExpressionParameters.of(placeholder.expression()));
			}
		}
		return names;
	}

	/**
	 * Whether it is the same for all calls.
	 * @return whether it has no placeholders
	 */
	boolean isConstant() {
		return this.parts.stream().allMatch(Literal.class::isInstance);
	}

	/**
	 * Puts the values of one call in.
	 * @param arguments the arguments of the call
	 * @return the name of the resource
	 * @throws IllegalArgumentException if a value is missing or cannot be part of a name
	 */
	String resolve(EvaluationContext arguments) {
		return this.parts.stream().map((part) -> part.text(arguments)).collect(Collectors.joining());
	}

	/** A piece of the text. */
	sealed interface Part {

		String text(EvaluationContext arguments);

	}

	/** Text that stands for itself. */
	record Literal(String text) implements Part {

		@Override
		public String text(EvaluationContext arguments) {
			return this.text;
		}

	}

	/** An expression, with the source to name in errors. */
	record Placeholder(String source, SpelExpression expression) implements Part {

		@Override
		public String text(EvaluationContext arguments) {
			String value = LockNames.text(this.expression.getValue(arguments), "the value of " + this.source);
			if (value.isBlank()) {
				throw new IllegalArgumentException("'the value of %s' must not be blank".formatted(this.source));
			}
			return value;
		}

	}

}
