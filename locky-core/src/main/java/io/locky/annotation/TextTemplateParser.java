package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.locky.annotation.TextTemplate.Literal;
import io.locky.annotation.TextTemplate.Part;
import io.locky.annotation.TextTemplate.Placeholder;

import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Cuts the text of a lock annotation into literals and placeholders.
 */
final class TextTemplateParser {

	private static final Pattern SHORT_FORM = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
			+ "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

	private static final SpelExpressionParser EXPRESSIONS = new SpelExpressionParser();

	private final String text;

	private final List<Part> parts = new ArrayList<>();

	private final StringBuilder literal = new StringBuilder();

	private int position;

	TextTemplateParser(String text) {
		this.text = text;
	}

	List<Part> parse() {
		while (this.position < this.text.length()) {
			char next = this.text.charAt(this.position);
			if (next == '#') {
				placeholder();
			}
			else {
				this.literal.append(next);
				this.position++;
			}
		}
		endLiteral();
		if (this.parts.isEmpty()) {
			throw new IllegalArgumentException("it must not be empty");
		}
		return List.copyOf(this.parts);
	}

	private void placeholder() {
		if (this.text.startsWith("##", this.position)) {
			this.literal.append('#');
			this.position += 2;
		}
		else if (this.text.startsWith("#<", this.position)) {
			enclosed(this.text.indexOf('>', this.position), '>');
		}
		else if (this.text.startsWith("#{", this.position)) {
			enclosed(closingBrace(), '}');
		}
		else {
			shortForm();
		}
	}

	private void enclosed(int end, char close) {
		if (end < 0) {
			throw new IllegalArgumentException(
					"'%s' is never closed; add '%c'".formatted(this.text.substring(this.position), close));
		}
		add(this.text.substring(this.position, end + 1), this.text.substring(this.position + 2, end));
	}

	private int closingBrace() {
		int depth = 0;
		boolean quoted = false;
		for (int i = this.position + 1; i < this.text.length(); i++) {
			char next = this.text.charAt(i);
			quoted ^= next == '\'';
			if (!quoted && next == '{') {
				depth++;
			}
			if (!quoted && next == '}' && --depth == 0) {
				return i;
			}
		}
		return -1;
	}

	private void shortForm() {
		Matcher name = SHORT_FORM.matcher(this.text).region(this.position + 1, this.text.length());
		if (!name.lookingAt()) {
			throw new IllegalArgumentException(
					"a '#' must start a placeholder such as '#id' or '#<id>'; write '##' for the character itself");
		}
		add("#" + name.group(), "#" + name.group());
	}

	private void add(String source, String expression) {
		endLiteral();
		try {
			this.parts.add(new Placeholder(source, EXPRESSIONS.parseRaw(expression)));
		}
		catch (ParseException | IllegalArgumentException | IllegalStateException ex) {
			throw new IllegalArgumentException("'%s' is not a SpEL expression: %s".formatted(source, ex.getMessage()),
					ex);
		}
		this.position += source.length();
	}

	private void endLiteral() {
		if (!this.literal.isEmpty()) {
			this.parts.add(new Literal(this.literal.toString()));
			this.literal.setLength(0);
		}
	}

}
