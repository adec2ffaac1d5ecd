package io.locky.annotation;

import java.util.List;

import io.locky.LockNames;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.DataBindingPropertyAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * The arguments of one call. Expressions read them by name as properties and as
 * variables, and call their methods, and the function {@code escape}. Types, constructors
 * and beans are out of reach.
 */
final class CallArguments {

	static final String FUNCTION = "escape";

	private static final PropertyAccessor ARGUMENTS = new ArgumentAccessor();

	/** Shared, because it remembers the properties that it has found. */
	private static final PropertyAccessor PROPERTIES = DataBindingPropertyAccessor.forReadOnlyAccess();

	/** For texts without placeholders. */
	static final CallArguments NONE = new CallArguments(List.of(), new Object[0]);

	private final List<String> parameters;

	private final @Nullable Object[] values;

	private @Nullable EvaluationContext context;

	/**
	 * Creates the arguments.
	 * @param parameters the names of the method's parameters
	 * @param values the arguments of the call
	 */
	CallArguments(List<String> parameters, @Nullable Object[] values) {
		this.parameters = parameters;
		this.values = values;
	}

	@Nullable Object get(String parameter) {
		int index = this.parameters.indexOf(parameter);
		return (index >= 0) ? this.values[index] : null;
	}

	/** Made only where there are expressions. */
	EvaluationContext context() {
		if (this.context == null) {
			SimpleEvaluationContext created = SimpleEvaluationContext.forPropertyAccessors(ARGUMENTS, PROPERTIES)
				.withInstanceMethods()
				.withRootObject(new Root(this))
				.build();
			this.parameters.forEach((parameter) -> created.setVariable(parameter, get(parameter)));
			this.context = created;
		}
		return this.context;
	}

	/**
	 * The root object of the expressions, and their function.
	 *
	 * @param arguments the arguments of the call
	 */
	record Root(CallArguments arguments) {

		public String escape(@Nullable Object value) {
			return LockNames.escape(value);
		}

	}

	/**
	 * Reads an argument as a property of the root object.
	 */
	private static final class ArgumentAccessor implements PropertyAccessor {

		@Override
		public Class<?>[] getSpecificTargetClasses() {
			return new Class<?>[] { Root.class };
		}

		@Override
		public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
			return target instanceof Root root && root.arguments().parameters.contains(name);
		}

		@Override
		public TypedValue read(EvaluationContext context, @Nullable Object target, String name) {
			return new TypedValue((target instanceof Root root) ? root.arguments().get(name) : null);
		}

		@Override
		public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
			return false;
		}

		@Override
		public void write(EvaluationContext context, @Nullable Object target, String name, @Nullable Object value) {
			throw new UnsupportedOperationException("Arguments cannot be changed");
		}

	}

}
