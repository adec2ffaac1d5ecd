package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * A text of a lock annotation, parsed once into literals and placeholders. The
 * placeholders are expressions over the parameters of the annotated method.
 */
final class TextTemplate {

	private final List<Part> parts;

	private TextTemplate(List<Part> parts) {
		this.parts = parts;
	}

	/**
	 * Parses a text.
	 * @param text the text
	 * @return the template
	 * @throws IllegalArgumentException if the text is empty or has a syntax error
	 */
	static TextTemplate parse(String text) {
		return new TextTemplate(new Parser(text).parse());
	}

	/**
	 * The parameters that the placeholders read.
	 * @return their names
	 */
	Set<String> parameters() {
		Set<String> names = new TreeSet<>();
		for (Part part : this.parts) {
			if (part instanceof Placeholder placeholder) {
				placeholder.collectParameters(names);
			}
		}
		return names;
	}

	/**
	 * The pieces of the text that are no placeholders.
	 * @return the pieces, in their order
	 */
	List<String> literals() {
		return this.parts.stream().filter(Literal.class::isInstance).map((part) -> ((Literal) part).text()).toList();
	}

	/**
	 * Whether the text is the same for all calls.
	 * @return whether it has no placeholders
	 */
	boolean isConstant() {
		return this.parts.stream().allMatch(Literal.class::isInstance);
	}

	/**
	 * Whether both texts may be the same for some arguments, as far as their beginnings
	 * show it.
	 * @param other the other text
	 * @return {@code false} if they never are
	 */
	boolean mayEqual(TextTemplate other) {
		String own = beginning();
		String others = other.beginning();
		return (isConstant() && other.isConstant()) ? own.equals(others)
				: own.startsWith(others) || others.startsWith(own);
	}

	private String beginning() {
		return (this.parts.get(0) instanceof Literal literal) ? literal.text() : "";
	}

	/**
	 * Replaces the placeholders by the values of one call.
	 * @param arguments the arguments of the call
	 * @return the text
	 * @throws IllegalArgumentException if a value is missing or cannot be part of a name
	 */
	String resolve(CallArguments arguments) {
		if (this.parts.size() == 1) {
			return this.parts.get(0).text(arguments);
		}
		StringBuilder text = new StringBuilder();
		for (Part part : this.parts) {
			text.append(part.text(arguments));
		}
		return text.toString();
	}

	/** A piece of the text. */
	private sealed interface Part {

		String text(CallArguments arguments);

	}

	/** Text that stands for itself. */
	private record Literal(String text) implements Part {

		@Override
		public String text(CallArguments arguments) {
			return this.text;
		}

	}

	/**
	 * An expression.
	 *
	 * @param what names the placeholder in errors
	 * @param expression the expression
	 * @param parameter the parameter that is the whole expression, or {@code null}: this
	 * most common kind is read without an evaluation
	 */
	private record Placeholder(String what, SpelExpression expression, @Nullable String parameter) implements Part {

		private static final Set<String> BUILT_IN = Set.of("root", "this");

		static Placeholder of(String source, SpelExpression expression) {
			SpelNode node = expression.getAST();
			boolean single = node instanceof PropertyOrFieldReference || node instanceof VariableReference;
			Set<String> names = new TreeSet<>();
			visit(node, true, names);
			return new Placeholder("the value of " + source, expression,
					(single && !names.isEmpty()) ? names.iterator().next() : null);
		}

		@Override
		public String text(CallArguments arguments) {
			Object value = (this.parameter != null) ? arguments.get(this.parameter)
					: this.expression.getValue(arguments.context());
			String text = LockNames.text(value, this.what);
			if (text.isBlank()) {
				throw new InvalidLockValueException("'%s' must not be blank".formatted(this.what));
			}
			return text;
		}

		/**
		 * Collects the parameters that the expression reads, so that a wrong name is an
		 * error at start-up instead of at the first call.
		 */
		void collectParameters(Set<String> names) {
			visit(this.expression.getAST(), true, names);
		}

		private static void visit(SpelNode node, boolean onRoot, Set<String> names) {
			if (node instanceof VariableReference variable) {
				String name = variable.toStringAST().substring(1);
				if (!BUILT_IN.contains(name)) {
					names.add(name);
				}
			}
			else if (node instanceof PropertyOrFieldReference property && onRoot) {
				names.add(property.getName());
			}
			for (int i = 0; i < node.getChildCount(); i++) {
				visit(node.getChild(i), onRoot && !readsOtherValue(node, i), names);
			}
		}

		/**
		 * Refuses a function that does not exist, so that it is an error at start-up. A
		 * method of the value before it, or of the element of a collection, is none.
		 */
		static void checkFunctions(SpelNode node, boolean ofValueBefore) {
			if (hasOwnRoot(node)) {
				return;
			}
			if (node instanceof MethodReference call && !ofValueBefore
					&& !call.getName().equals(CallArguments.FUNCTION)) {
				throw new IllegalArgumentException(
						"there is no function '%s', only '%s'".formatted(call.getName(), CallArguments.FUNCTION));
			}
			for (int i = 0; i < node.getChildCount(); i++) {
				checkFunctions(node.getChild(i), node instanceof CompoundExpression && i > 0);
			}
		}

		private static boolean hasOwnRoot(SpelNode node) {
			return node instanceof Projection || node instanceof Selection || node instanceof Indexer;
		}

		/**
		 * Whether a name at that place may be a property of the value before it or of an
		 * element of a collection, or the key of a map.
		 */
		private static boolean readsOtherValue(SpelNode parent, int index) {
			return hasOwnRoot(parent) || parent instanceof InlineMap || (parent instanceof CompoundExpression
					&& index > 0 && parent.getChild(index) instanceof PropertyOrFieldReference);
		}

	}

	/**
	 * Splits a text into literals and placeholders.
	 */
	private static final class Parser {

		private static final Pattern SHORT_FORM = Pattern
			.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
					+ "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

		private static final SpelExpressionParser EXPRESSIONS = new SpelExpressionParser();

		private final String text;

		private final List<Part> parts = new ArrayList<>();

		private final StringBuilder literal = new StringBuilder();

		private int position;

		Parser(String text) {
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
				throw new IllegalArgumentException("a '#' must start a placeholder such as '#id' or '#<id>'; "
						+ "write '##' for the character itself");
			}
			add("#" + name.group(), "#" + name.group());
		}

		private void add(String source, String expression) {
			endLiteral();
			Placeholder placeholder = parse(source, expression);
			Placeholder.checkFunctions(placeholder.expression().getAST(), false);
			this.parts.add(placeholder);
			this.position += source.length();
		}

		private static Placeholder parse(String source, String expression) {
			try {
				return Placeholder.of(source, EXPRESSIONS.parseRaw(expression));
			}
			catch (ParseException | IllegalArgumentException | IllegalStateException ex) {
				throw new IllegalArgumentException(
						"'%s' is not a SpEL expression: %s".formatted(source, ex.getMessage()), ex);
			}
		}

		private void endLiteral() {
			if (!this.literal.isEmpty()) {
				this.parts.add(new Literal(this.literal.toString()));
				this.literal.setLength(0);
			}
		}

	}

}
