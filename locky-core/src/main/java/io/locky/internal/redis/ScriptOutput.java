package io.locky.internal.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the list that a script replies with: texts, numbers and more lists. That of the
 * driver allocates a stack for each reply, which a list without lists does not need.
 */
final class ScriptOutput extends CommandOutput<String, String, @Nullable Object> {

	/** The list that is being read. */
	private @Nullable List<@Nullable Object> list;

	/** Those around it, the nearest first. */
	private @Nullable Deque<List<@Nullable Object>> outer;

	ScriptOutput() {
		super(ScriptCodec.INSTANCE, null);
	}

	@Override
	public void multi(int count) {
		List<@Nullable Object> next = new ArrayList<>(Math.max(count, 0));
		if (this.list == null) {
			this.output = next;
		}
		else {
			this.list.add(next);
			this.outer = (this.outer != null) ? this.outer : new ArrayDeque<>();
			this.outer.push(this.list);
		}
		this.list = next;
	}

	/** How many lists are open shows whether the last one has ended. */
	@Override
	public void complete(int depth) {
		if (this.outer != null && depth > 0 && depth <= this.outer.size()) {
			this.list = this.outer.pop();
		}
	}

	@Override
	public void set(@Nullable ByteBuffer text) {
		add((text != null) ? ScriptCodec.INSTANCE.decodeValue(text) : null);
	}

	@Override
	public void setSingle(@Nullable ByteBuffer text) {
		set(text);
	}

	@Override
	public void set(long number) {
		add(number);
	}

	private void add(@Nullable Object element) {
		if (this.list == null) {
			multi(1);
		}
		Objects.requireNonNull(this.list).add(element);
	}

}
