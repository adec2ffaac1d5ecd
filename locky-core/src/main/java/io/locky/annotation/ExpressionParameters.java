package io.locky.annotation;

import java.util.Set;
import java.util.TreeSet;

import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * Finds the parameters that an expression reads, so that a wrong name is an error at
 * start-up instead of at the first call.
 */
final class ExpressionParameters {

	private static final Set<String> BUILT_IN = Set.of("root", "this");

	private final Set<String> names = new TreeSet<>();

	private ExpressionParameters() {
	}

	static Set<String> of(SpelExpression expression) {
		ExpressionParameters parameters = new ExpressionParameters();
		parameters.visit(expression.getAST(), true);
		return parameters.names;
	}

	private void visit(SpelNode node, boolean onRoot) {
		if (node instanceof VariableReference variable) {
			addVariable(variable.toStringAST().substring(1));
		}
		else if (node instanceof PropertyOrFieldReference property && onRoot) {
			this.names.add(property.getName());
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			visit(node.getChild(i), onRoot && !onOtherValue(node, i));
		}
	}

	/**
	 * Whether a name at that place may be a property of the value before it or of an
	 * element of a collection, or the key of a map.
	 */
	private static boolean onOtherValue(SpelNode parent, int index) {
		return parent instanceof Projection || parent instanceof Selection || parent instanceof Indexer
				|| parent instanceof InlineMap || (parent instanceof CompoundExpression && index > 0
						&& parent.getChild(index) instanceof PropertyOrFieldReference);
	}

	private void addVariable(String name) {
		if (!BUILT_IN.contains(name)) {
			this.names.add(name);
		}
	}

}
