package io.locky.annotation;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.DataBindingPropertyAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * The arguments of one call as an expression sees them: by name as properties and as
 * variables. Types, constructors and beans are out of its reach.
 *
 * @param values the arguments by the names of their parameters
 */
record MethodArguments(Map<String, @Nullable Object> values) {

	static EvaluationContext of(String[] names, @Nullable Object[] arguments) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		for (int i = 0; i < names.length; i++) {
			values.put(names[i], arguments[i]);
		}
		SimpleEvaluationContext context = SimpleEvaluationContext
			.forPropertyAccessors(new ByName(), DataBindingPropertyAccessor.forReadOnlyAccess())
			.withInstanceMethods()
			.withRootObject(new MethodArguments(values))
			.build();
		values.forEach(context::setVariable);
		return context;
	}

	/**
	 * Reads an argument as a property.
	 */
	private static final class ByName implements PropertyAccessor {

		@Override
		public Class<?>[] getSpecificTargetClasses() {
			return new Class<?>[] { MethodArguments.class };
		}

		@Override
		public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
			return target instanceof MethodArguments arguments && arguments.values().containsKey(name);
		}

		@Override
		public TypedValue read(EvaluationContext context, @Nullable Object target, String name) {
			return new TypedValue((target instanceof MethodArguments arguments) ? arguments.values().get(name) : null);
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
